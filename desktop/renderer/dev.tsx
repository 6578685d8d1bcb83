// The page alone, for whoever changes it: a made-up host that decides everything, in an ordinary browser. Scenarios are
// chosen by the title of the plan (dev/story.ts), so that whatever a test shows can be shown by hand.
import './no-jit.ts';
import { FakeHost } from './dev/fake-host.ts';
import { show } from './show.tsx';

show(new FakeHost().bridge());
