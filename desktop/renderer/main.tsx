// The window over a real host. In Electron the preload script put the bridge here; a shell without a preload script brings
// its own.
import type { Bridge } from '../contract/bridge.ts';
import { show } from './show.tsx';

const { coldroot } = globalThis as { readonly coldroot?: Bridge };
if (coldroot !== undefined) show(coldroot);
