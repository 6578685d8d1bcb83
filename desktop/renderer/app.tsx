import { useEffect, useState, type ReactNode } from 'react';
import { useDisplay } from './display.ts';
import { useHost, useHostState, type HostState } from './host.ts';
import { Announcer } from './parts/announcer.tsx';
import { FaultDialog } from './parts/fault-dialog.tsx';
import { Header } from './parts/header.tsx';
import { RefusalBox } from './parts/refusal.tsx';
import { GoContext, type Place } from './place.ts';
import { Check } from './places/check.tsx';
import { Export } from './places/export.tsx';
import { Home } from './places/home.tsx';
import { Transcript } from './places/transcript.tsx';
import { Verify } from './places/verify.tsx';
import { Viewer } from './places/viewer.tsx';
import { CeremonyScene } from './scenes/ceremony.tsx';
import { text } from './text.ts';

type Places = {
  readonly [A in Place['at']]: (place: Extract<Place, { at: A }>, state: HostState) => ReactNode;
};

const places: Places = {
  home: () => <Home />,
  ceremony: (_, { snapshot }) =>
    snapshot === null || snapshot === undefined ? <Home /> : <CeremonyScene snapshot={snapshot} />,
  check: ({ plan }) => <Check plan={plan} />,
  viewer: ({ ceremony }) => <Viewer ceremony={ceremony} />,
  verify: ({ ceremony }) => <Verify ceremony={ceremony} />,
  export: ({ ceremony }) => <Export ceremony={ceremony} />,
  transcript: ({ ceremony }) => <Transcript ceremony={ceremony} />,
};

function Content({ place, state }: { readonly place: Place; readonly state: HostState }): ReactNode {
  if (state.unconnected !== undefined) return <RefusalBox refusal={state.unconnected} />;
  if (state.hello === undefined || state.snapshot === undefined) return <p className="waiting">{text.connecting}</p>;
  const show = places[place.at] as (place: Place, state: HostState) => ReactNode;
  return show(place, state);
}

/** The whole window. A page that was reloaded goes on with the ceremony that is open. */
export function App(): ReactNode {
  const host = useHost();
  const state = useHostState();
  const display = useDisplay();
  const [place, go] = useState<Place>({ at: 'ceremony' });
  useEffect(() => {
    void host.connect();
  }, [host]);
  return (
    <GoContext.Provider value={go}>
      <Header snapshot={state.snapshot} display={display} />
      <Content key={JSON.stringify(place)} place={place} state={state} />
      <Announcer snapshot={state.snapshot} />
      {state.fault === undefined ? null : <FaultDialog fault={state.fault} />}
    </GoContext.Provider>
  );
}
