import type { Prompt } from '../../core/ceremony/prompt.ts';
import type { Refusal } from '../../core/ports/coded-error.ts';
import { useHost } from './host.ts';

/** What people can do with the ceremony that is open. */
export interface CeremonyDoing {
  readonly start: (word: string) => Promise<Refusal | undefined>;
  readonly answer: (act: number, prompt: Prompt, value: string | readonly string[]) => Promise<Refusal | undefined>;
  readonly secret: (act: number, prompt: Prompt, secret: Uint8Array) => Promise<Refusal | undefined>;
  readonly retry: (act: number) => Promise<Refusal | undefined>;
  readonly leave: () => Promise<Refusal | undefined>;
}

export function useCeremony(): CeremonyDoing {
  const host = useHost();
  return {
    start: (word) => host.ask('start', { word }),
    answer: (act, prompt, value) =>
      host.ask('answer', { act, prompt: prompt.id, value: typeof value === 'string' ? value : [...value] }),
    secret: async (act, prompt, secret) => {
      try {
        const reply = await host.bridge.secret({ act, prompt: prompt.id, secret });
        return reply.ok ? undefined : reply.refusal;
      } finally {
        // The bridge wipes it; this is for a bridge that failed before it could.
        secret.fill(0);
      }
    },
    retry: (act) => host.ask('retry', { act }),
    leave: () => host.ask('leave', {}),
  };
}
