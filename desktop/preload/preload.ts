// What the page gets of Electron: three functions, and nothing of how they work. Values cross by copy.
import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge } from '../contract/bridge.ts';
import type { HostEvent } from '../contract/events.ts';

const bridge: Bridge = {
  call: (method, request) => ipcRenderer.invoke('coldroot:call', { method, request }) as never,
  secret: async (message) => {
    const { secret } = message;
    try {
      return (await ipcRenderer.invoke('coldroot:secret', message)) as never;
    } finally {
      secret.fill(0);
    }
  },
  subscribe: (listener) => {
    const hear = (_event: unknown, told: HostEvent): void => {
      listener(told);
    };
    ipcRenderer.on('coldroot:event', hear);
    // Braces: what a function returns crosses to the page, and this one would return Electron's own object.
    return () => {
      ipcRenderer.off('coldroot:event', hear);
    };
  },
};

contextBridge.exposeInMainWorld('coldroot', bridge);
