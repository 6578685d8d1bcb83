import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Bridge } from '../contract/bridge.ts';
import type { EventOf, HostEvent } from '../contract/events.ts';
import type { MethodName, RequestOf, ResponseOf } from '../contract/methods.ts';
import type { Refusal } from '../../core/ports/coded-error.ts';
import type { Snapshot } from '../contract/shapes.ts';

/** What the host has said so far. */
export interface HostState {
  readonly hello: ResponseOf<'hello'> | undefined;
  /** undefined until the host has said whether a ceremony is open. */
  readonly snapshot: Snapshot | null | undefined;
  readonly progress: readonly EventOf<'progress'>[];
  readonly fault: EventOf<'fault'> | undefined;
  /** Why there is no host to talk to. */
  readonly unconnected: Refusal | undefined;
}

type Task = EventOf<'progress'>['task'];

/**
 * The host as the screens see it: what it said last, and the calls to it. It holds no secret: an entry passes through
 * {@link Host.bridge} and is kept nowhere here.
 */
export class Host {
  readonly bridge: Bridge;
  readonly #listeners = new Set<() => void>();
  #state: HostState = {
    hello: undefined,
    snapshot: undefined,
    progress: [],
    fault: undefined,
    unconnected: undefined,
  };

  constructor(bridge: Bridge) {
    this.bridge = bridge;
    bridge.subscribe((event) => {
      this.#hear(event);
    });
    bridge.watch?.((gone) => {
      this.#noteGone(gone);
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): HostState => this.#state;

  /** Asks the host who it is and whether a ceremony is open already. */
  async connect(): Promise<void> {
    const hello = await this.bridge.call('hello', {});
    const now = await this.bridge.call('snapshot', {});
    if (!hello.ok) this.#set({ unconnected: hello.refusal });
    else if (!now.ok) this.#set({ unconnected: now.refusal });
    // An event that came meanwhile is newer than the answer.
    else
      this.#set({
        unconnected: undefined,
        hello: hello.response,
        snapshot: this.#state.snapshot ?? now.response.snapshot,
      });
  }

  /** Asks for something to be done; the refusal, or undefined. */
  async ask<M extends MethodName>(method: M, request: RequestOf<M>): Promise<Refusal | undefined> {
    const reply = await this.bridge.call(method, request);
    return reply.ok ? undefined : reply.refusal;
  }

  /** Forgets how far an earlier task was, before a new one. */
  forget(task: Task): void {
    this.#set({ progress: this.#state.progress.filter((step) => step.task !== task) });
  }

  /** The people have read why the ceremony had to be closed. */
  acknowledge(): void {
    this.#set({ fault: undefined });
  }

  /** The program ended, or answers again: then what was missed is asked for. */
  #noteGone(gone: Refusal | undefined): void {
    const { unconnected } = this.#state;
    if (gone !== undefined) this.#set({ unconnected: gone });
    else if (unconnected !== undefined) {
      this.#set({ snapshot: undefined });
      void this.connect();
    }
  }

  #hear(heard: HostEvent): void {
    if (heard.event === 'changed') this.#set({ snapshot: heard.body.snapshot });
    else if (heard.event === 'fault') this.#set({ fault: heard.body });
    else this.#set({ progress: [...this.#state.progress.slice(-200), heard.body] });
  }

  #set(change: Partial<HostState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

export const HostContext = createContext<Host | undefined>(undefined);

export function useHost(): Host {
  const host = useContext(HostContext);
  if (host === undefined) throw new Error('there is no host outside the window');
  return host;
}

export function useHostState(): HostState {
  const host = useHost();
  return useSyncExternalStore(host.subscribe, host.state, host.state);
}
