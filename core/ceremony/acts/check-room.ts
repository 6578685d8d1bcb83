import { z } from 'zod';
import { formatUtc } from '../../profile/dates.ts';
import { defineAct } from '../act.ts';
import { ceremonyError } from '../ceremony-error.ts';
import { confirmWord, digestFacts, fact } from '../facts.ts';
import { actBase } from '../plan-types.ts';

const config = z.strictObject({
  do: z.literal('check-room'),
  /** `none`: a machine with any network interface up is refused, except in a rehearsal. */
  network: z.enum(['none', 'any']).default('none'),
  ...actBase,
});

const intent = z.strictObject({
  now: z.int(),
  networkInterfaces: z.array(z.string().max(64)).max(64),
  platform: z.string().max(200),
  version: z.string().max(64),
  softwareHash: z.string().regex(/^[0-9a-f]{64}$/u),
});

/** Air gap, clock and software, looked at by the program and confirmed by people. */
export const checkRoom = defineAct({
  name: 'check-room',
  config,
  intent,
  outcome: z.strictObject({ networkIgnored: z.boolean() }),
  references: () => ({}),
  describe: ({ network }) => ({
    headline: 'Check the machine: air gap, clock, software',
    why:
      network === 'none'
        ? 'A root key is only used on a machine that no network reaches; dates in certificates come from its clock.'
        : 'Dates in certificates come from this machine’s clock. The plan allows a network.',
    onToken: '',
  }),
  questions: () => [],
  prepare: async (_, __, { room, clock }) => {
    const report = await room();
    return { now: clock.now(), ...report, networkInterfaces: [...report.networkInterfaces] };
  },
  confirmations: (own, seen) =>
    confirmWord(own, 'CORRECT', 'Compare the time with another clock, and the software hash with the reviewed one.', [
      fact('this machine’s time (UTC)', formatUtc(seen.now)),
      {
        label: 'network interfaces up',
        value: seen.networkInterfaces.length === 0 ? 'none' : seen.networkInterfaces.join(', '),
        style: seen.networkInterfaces.length === 0 ? 'plain' : 'warning',
      },
      fact('platform', seen.platform),
      fact('Coldroot', seen.version),
      ...digestFacts('software SHA-256', seen.softwareHash),
    ]),
  perform: ({ network }, { networkInterfaces }, { beginning: { rehearsal } }) => {
    const connected = network === 'none' && networkInterfaces.length > 0;
    if (connected && !rehearsal) {
      throw ceremonyError(
        'room-network',
        `This machine has network interfaces up: ${networkInterfaces.join(', ')}.`,
        'Disconnect or disable them (ip link set NAME down, or take the hardware out) and try again.',
      );
    }
    return Promise.resolve({ networkIgnored: connected });
  },
  apply: () => ({}),
  summary: (_, seen, { networkIgnored }) => [
    fact('machine’s time (UTC)', formatUtc(seen.now)),
    fact('network', networkIgnored ? `${seen.networkInterfaces.join(', ')} (ignored: rehearsal)` : 'none up'),
    fact('software SHA-256', seen.softwareHash),
    fact('platform', seen.platform),
  ],
});
