import { z } from 'zod';
import { differences } from '../../ports/installation.ts';
import type { RoomReport } from '../../ports/room.ts';
import { formatUtc } from '../../profile/dates.ts';
import { defineAct } from '../act.ts';
import { ceremonyError } from '../ceremony-error.ts';
import { confirmWord, digestFacts, fact, hashFact } from '../facts.ts';
import { actBase } from '../plan-types.ts';
import type { Fact } from '../prompt.ts';

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
  /** What the installed files are, by the list they were installed with. */
  installed: z
    .union([
      z.literal('unlisted'),
      z.strictObject({
        list: z.string().regex(/^[0-9a-f]{64}$/u),
        files: z.int().min(1),
        differences: z.array(z.string().max(500)).max(11),
      }),
    ])
    .exactOptional(),
});

type Installed = z.infer<typeof intent>['installed'];

function installedOf({ installation }: RoomReport): { installed?: Exclude<Installed, undefined> } {
  if (installation === undefined) return {};
  if (installation === 'unlisted') return { installed: installation };
  const { list, files } = installation;
  return { installed: { list, files, differences: [...differences(installation)] } };
}

function differencesIn(installed: Installed): readonly string[] {
  return installed === undefined || installed === 'unlisted' ? [] : installed.differences;
}

function installedFacts(installed: Installed): readonly Fact[] {
  if (installed === undefined) return [];
  const label = 'installed files';
  if (installed === 'unlisted') {
    return [{ label, value: 'no list to compare them with: not installed from a package', style: 'warning' }];
  }
  const { list, files, differences: wrong } = installed;
  const verdict: Fact =
    wrong.length === 0
      ? fact(label, `all ${files} as listed, and no other`)
      : { label, value: `NOT AS LISTED: ${wrong.join('; ')}`, style: 'warning' };
  return [verdict, ...digestFacts('list SHA-256', list)];
}

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
    const { networkInterfaces, platform, version, softwareHash } = report;
    const seen = { networkInterfaces: [...networkInterfaces], platform, version, softwareHash };
    return { now: clock.now(), ...seen, ...installedOf(report) };
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
      ...installedFacts(seen.installed),
    ]),
  perform: ({ network }, { networkInterfaces, installed }, { beginning: { rehearsal } }) => {
    const connected = network === 'none' && networkInterfaces.length > 0;
    if (connected && !rehearsal) {
      throw ceremonyError(
        'room-network',
        `This machine has network interfaces up: ${networkInterfaces.join(', ')}.`,
        'Disconnect or disable them (ip link set NAME down, or take the hardware out) and try again.',
      );
    }
    const wrong = differencesIn(installed);
    if (wrong.length > 0 && !rehearsal) {
      throw ceremonyError(
        'room-software-changed',
        `The program is not what was installed: ${wrong.join('; ')}.`,
        'Stop. Find out what happened to this machine; install again from a medium that was checked.',
      );
    }
    return Promise.resolve({ networkIgnored: connected });
  },
  apply: () => ({}),
  summary: (_, seen, { networkIgnored }) => [
    fact('machine’s time (UTC)', formatUtc(seen.now)),
    fact('network', networkIgnored ? `${seen.networkInterfaces.join(', ')} (ignored: rehearsal)` : 'none up'),
    hashFact('software SHA-256', seen.softwareHash),
    ...installedFacts(seen.installed),
    fact('platform', seen.platform),
  ],
});
