// The window over a real host. In Electron the preload script put the bridge here; the browser shell has no preload script,
// so the page brings its own.
import './no-jit.ts';
import type { Bridge } from '../contract/bridge.ts';
import { loopbackBridge } from './bridge/loopback-bridge.ts';
import { show } from './show.tsx';

const { coldroot } = globalThis as { readonly coldroot?: Bridge };
show(coldroot ?? loopbackBridge());
