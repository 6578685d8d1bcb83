import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Bridge } from '../contract/bridge.ts';
import { App } from './app.tsx';
import { Host, HostContext } from './host.ts';
import './style/window.css';

/** Puts the window on the page, over whatever host there is. */
export function show(bridge: Bridge): void {
  const element = document.querySelector('#window');
  if (element === null) return;
  createRoot(element).render(
    <StrictMode>
      <HostContext.Provider value={new Host(bridge)}>
        <App />
      </HostContext.Provider>
    </StrictMode>,
  );
}
