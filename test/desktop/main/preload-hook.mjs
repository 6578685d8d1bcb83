// Stands for Electron in a process that loads the preload script: `electron` is this module's double.
import { registerHooks } from 'node:module';

globalThis.told = [];
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: 'double:electron', format: 'module', shortCircuit: true }
      : next(specifier, context),
  load: (url, context, next) =>
    url === 'double:electron'
      ? {
          format: 'module',
          shortCircuit: true,
          source: `
            export const contextBridge = { exposeInMainWorld: (name, value) => { globalThis.exposed = { name, value }; } };
            export const ipcRenderer = {
              secretOf: 'Electron',
              invoke: (channel, message) => { told.push([channel, structuredClone(message)]); return Promise.resolve({ ok: true, response: null }); },
              on: (channel, listener) => { told.push(['on', channel]); globalThis.hear = listener; return ipcRenderer; },
              off: (channel) => { told.push(['off', channel]); return ipcRenderer; },
            };`,
        }
      : next(url, context),
});

await import('../../../desktop/preload/preload.ts');
const { name, value } = globalThis.exposed;
const secret = new TextEncoder().encode('canary-4711');
await value.call('hello', {});
await value.secret({ act: 1, prompt: 'pin-root', secret });
const heard = [];
const stop = value.subscribe((...args) => heard.push(args));
globalThis.hear({ sender: 'Electron' }, { event: 'changed', body: { snapshot: null } });
const stopped = stop();
process.stdout.write(
  JSON.stringify({
    name,
    keys: Object.keys(value).sort(),
    channels: globalThis.told.map(([channel, detail]) =>
      typeof detail === 'string' ? `${channel} ${detail}` : channel,
    ),
    wiped: secret.every((byte) => byte === 0),
    heard,
    stopped: stopped === undefined,
  }),
);
