import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ceremony } from '../../core/ceremony/run.ts';
import type { Setting } from '../../core/ceremony/ports.ts';
import { fromBase64 } from '../../core/ports/base64.ts';
import { sha256 } from '../support/hierarchy.ts';
import { MemoryRoom } from '../support/memory/room.ts';
import { readShipped } from '../support/ready-plans.ts';

/** A shipped plan with some text in it replaced; text that is not there would prove nothing. */
function edited(name: string, from: string, to: string): string {
  const { text } = readShipped(name);
  if (!text.includes(from)) throw new Error(`${name} has no "${from}"`);
  return text.replace(from, to);
}

const waiver = (rule: string, object: string): string => `waivers:
  - { rule: ${rule}, object: ${object}, reason: copied forward from the plan of last year, clause: none, approver: Ada, expires: 2030-01-01T00:00:00Z }
`;

interface Seeded {
  readonly fault: string;
  /** Where it happened to somebody. */
  readonly precedent: string;
  readonly plan: string;
  readonly code: string;
  /** Moves the clock of the room. */
  readonly later?: number;
}

const seeded: readonly Seeded[] = [
  {
    fault: 'a cross-certificate without key purposes, and a waiver for it',
    precedent: 'Mozilla bug 2038351',
    plan: `${edited('cross-certificate', '    eku: [serverAuth, clientAuth]\n', '')}${waiver('intermediate-eku-present', 'root-2-by-1')}`,
    code: 'yaml-missing-key',
  },
  {
    fault: 'a waiver copied forward that nothing needs any more',
    precedent: 'Mozilla bug 2038351',
    plan: `${readShipped('cross-certificate').text}${waiver('intermediate-eku-present', 'root-2-by-1')}`,
    code: 'waiver-unused',
  },
  {
    fault: 'a revocation dated one year late',
    precedent: 'ceremony-demos PR 21',
    plan: edited('revoke-intermediate', 'reason: cess', 'at: 2027-11-24T00:00:00Z, reason: cess'),
    code: 'revoke-date',
  },
  {
    fault: 'a revocation whose certificate is missing from the act',
    precedent: 'ceremony-demos PR 21',
    plan: edited('revoke-intermediate', 'certificate: issuing-i1, ', ''),
    code: 'yaml-invalid-value',
  },
  {
    fault: 'a list of revoked certificates that floats free of its act',
    precedent: 'ceremony-demos PR 21',
    plan: `${readShipped('root-crl').text}revoked-certificates: [issuing-i1]\n`,
    code: 'yaml-unknown-key',
  },
  {
    fault: 'the certificate of another CA',
    precedent: 'ceremony-demos PR 21 (last year’s file)',
    plan: edited(
      'cross-certificate',
      'issuer: root-r1, certificate: root-r2,',
      'issuer: root-r1, certificate: root-r1,',
    ),
    code: 'cross-other-subject',
  },
  {
    fault: 'a clock that shows a time before the last ceremony',
    precedent: 'ceremony-demos 2020 and 2026',
    plan: readShipped('root-crl').text,
    later: -2 * 86_400,
    code: 'bundle-created-future',
  },
  {
    fault: 'key usages that the policy does not have',
    precedent: 'ceremony-demos PR 1',
    plan: edited(
      'intermediate',
      '    pathLen: 0\n',
      '    pathLen: 0\n    key-usages: [digitalSignature, keyCertSign, cRLSign]\n',
    ),
    code: 'yaml-unknown-key',
  },
  {
    fault: 'a dice table of the SO PIN that lacks a symbol',
    precedent: 'psf-tuf-runbook ("c d f f 0 1", no e)',
    plan: edited(
      'token-initialization',
      '"cdef01", "234567", "89abcd", "ef----"',
      '"cdff01", "234567", "89abcd", "ff----"',
    ),
    code: 'plan-dice-symbol-missing',
  },
  {
    fault: 'a dice table of the SO PIN with one e too few and one f too many',
    precedent: 'psf-tuf-runbook',
    plan: edited('token-initialization', 'cdef01', 'cdff01'),
    code: 'plan-dice-uneven',
  },
  {
    fault: 'a PIN in the plan',
    precedent: 'boulder issue 8377',
    plan: edited('root-crl', '{ do: open-token, token: root }', '{ do: open-token, token: root, pin: "1234" }'),
    code: 'yaml-unknown-key',
  },
  {
    fault: 'a time that is not in UTC',
    precedent: 'ICANN 2014, exceptions E2 and E3',
    plan: edited('revoke-intermediate', 'reason: cess', 'at: 2026-11-24T00:00:00+01:00, reason: cess'),
    code: 'yaml-invalid-value',
  },
  {
    fault: 'a CRL for a day longer than twelve months',
    precedent: 'BR 7.2',
    plan: edited('root-crl', 'valid: 180d', 'valid: 366d'),
    code: 'lint-refused',
  },
  {
    fault: 'a CRL number that was used before',
    precedent: 'boulder issue 7062',
    plan: edited('root-crl', 'number: next', 'number: 1'),
    code: 'lint-refused',
  },
  {
    fault: 'a second issuing CA with the subject of the first',
    precedent: 'hlint (one subject, one key)',
    plan: edited('intermediate-rollover', 'CN: Example Corp Issuing I2 }', 'CN: Example Corp Issuing I1 }'),
    code: 'subject-reused',
  },
  {
    fault: 'an issuing CA that outlives its root',
    precedent: 'smallstep defaults',
    plan: edited('intermediate-rollover', 'for: 5y', 'for: 21y'),
    code: 'lint-refused',
  },
  {
    fault: 'a curve that is allowed in the plan and refused later',
    precedent: 'boulder (P-521)',
    plan: edited('intermediate-rollover', 'key: ec-p256', 'key: ec-p521'),
    code: 'yaml-invalid-value',
  },
];

describe('a fault that happened to somebody is refused in preflight, with the tokens untouched', () => {
  let room: MemoryRoom;
  let setting: Setting;
  let now: number;

  async function hold(name: string, root: string | undefined): Promise<Ceremony> {
    const held = await room.begin(readShipped(name).text);
    expect(await room.play(held)).toEqual({ kind: 'finished' });
    room.continueFrom(held, root ?? sha256(fromBase64(held.state.certificates['root-r1']?.der ?? '')));
    return held;
  }

  beforeAll(async () => {
    room = new MemoryRoom();
    await hold('root', undefined);
    await hold('intermediate', room.setting.previous?.root);
    ({ setting, now } = room);
  });

  beforeEach(() => {
    room.now = now;
  });

  it.each(seeded)('$fault ($precedent): $code', async ({ plan, code, later = 0 }) => {
    const keys = [room.root.keys, room.issuing.keys];
    const calls = [room.root.calls.length, room.issuing.calls.length];
    room.now = now + later;
    const wanted = Object.entries(setting.tokens).filter(([name]) =>
      new RegExp(`^  ${name}: \\{ for`, 'mu').test(plan),
    );
    room.setting = { ...setting, tokens: Object.fromEntries(wanted) };
    const checked = await room.check(plan);
    expect(checked.ok ? [] : checked.refusals.map((refusal) => refusal.code)).toEqual([code]);
    expect([room.root.keys, room.issuing.keys]).toEqual(keys);
    const since = [...room.root.calls.slice(calls[0]), ...room.issuing.calls.slice(calls[1])];
    expect(since.filter((call) => call !== 'info' && call !== 'objects')).toEqual([]);
  });

  it.each(['cross-certificate', 'revoke-intermediate', 'root-crl', 'intermediate-rollover'])(
    'and %s as it ships is not',
    async (name) => {
      const wanted = Object.entries(setting.tokens).filter(([token]) => token in readShipped(name).plan.tokens);
      room.setting = { ...setting, tokens: Object.fromEntries(wanted) };
      expect(await room.check(readShipped(name).text)).toMatchObject({ ok: true });
    },
  );
});
