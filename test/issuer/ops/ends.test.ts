// What the issuer depends on and what ends by itself: told in time, in each place where somebody looks.
import { describe, expect, it } from 'vitest';
import { verifyBundle } from '../../../core/bundle/verify.ts';
import { nodeDigest, nodeVerifier } from '../../../core/node/crypto.ts';
import { formatUtc } from '../../../core/profile/dates.ts';
import { EndWatch } from '../../../issuer/ops/end-watch.ts';
import { endRules, endsOf, isNear, type End, type EndKind } from '../../../issuer/ops/ends.ts';
import type { Logger } from '../../../issuer/ops/log.ts';
import { addUp, renderSeries } from '../../../issuer/ops/series.ts';
import { bundleIssuer, makeIssuer } from '../../../issuer/sign/issuer.ts';
import { makeCrossedBundle, makeHierarchy } from '../../support/hierarchy.ts';

const day = 86_400;
const start = 1_800_000_000;

interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: object;
}

function recorder(): { readonly log: Logger; readonly lines: Line[] } {
  const lines: Line[] = [];
  const at =
    (level: string) =>
    (fields: object, message: string): void => {
      lines.push({ level, message, fields });
    };
  return { lines, log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } };
}

function watch(ends: readonly End[], from: number) {
  let now = from;
  const { log, lines } = recorder();
  const watching = new EndWatch(() => Promise.resolve(ends), { now: () => now }, log);
  return { watching, lines, pass: (seconds: number) => (now += seconds) };
}

const signer: End = { kind: 'ocsp-signer', name: 'ocsp-o1', begins: start, ends: start + 365 * day };

describe('what ends by itself', () => {
  it.each(Object.entries(endRules) as [EndKind, (typeof endRules)[EndKind]][])(
    'is near its end neither too early nor too late: %s',
    (kind, { share, atMost }) => {
      const short: End = { kind, name: 'x', begins: start, ends: start + 3600 };
      expect([isNear(short, start), isNear(short, short.ends - 3600 * share), isNear(short, short.ends)]).toEqual([
        false,
        false,
        true,
      ]);
      const long: End = { kind, name: 'x', begins: start, ends: start + 100 * 365 * day };
      expect([isNear(long, long.ends - atMost), isNear(long, long.ends - atMost + 1)]).toEqual([false, true]);
    },
  );

  it('is said in the log as soon as it is near, once a day, and as an error once it has ended', async () => {
    const { watching, lines, pass } = watch([signer], start + 300 * day);
    await watching.refresh();
    expect(lines).toEqual([]);
    pass(6 * day);
    for (const hours of [0, 1, 22, 1, 1]) {
      pass(hours * 3600);
      await watching.refresh();
    }
    expect(lines).toEqual([
      {
        level: 'warn',
        message: 'the certificate of the OCSP signer ends soon',
        fields: {
          kind: 'ocsp-signer',
          name: 'ocsp-o1',
          ends: formatUtc(signer.ends),
          secondsLeft: 59 * day,
          remedy: endRules['ocsp-signer'].remedy,
        },
      },
      expect.objectContaining({ level: 'warn', message: 'the certificate of the OCSP signer ends soon' }),
    ]);
    pass(60 * day);
    await watching.refresh();
    expect(lines.at(-1)).toMatchObject({
      level: 'error',
      message: 'the certificate of the OCSP signer has ended',
      fields: { secondsLeft: 0 },
    });
  });

  it('is among the warnings while it is near, and no longer once something newer is in its place', async () => {
    let ends: readonly End[] = [signer];
    const { log, lines } = recorder();
    const watching = new EndWatch(() => Promise.resolve(ends), { now: () => signer.ends - day }, log);
    await watching.refresh();
    expect(watching.warnings()).toEqual([
      {
        kind: 'ocsp-signer',
        name: 'ocsp-o1',
        ends: formatUtc(signer.ends),
        remedy: endRules['ocsp-signer'].remedy,
      },
    ]);
    ends = [{ ...signer, begins: signer.ends - 2 * day, ends: signer.ends + 363 * day }];
    await watching.refresh();
    expect([watching.warnings(), lines.length]).toEqual([[], 1]);
  });

  it('is in the metrics as a time, of several processes the one that comes first', async () => {
    const tls = (ends: number): End => ({ kind: 'tls', name: 'own', begins: start, ends });
    const lists = await Promise.all(
      [start + 500, start + 400, start + 600].map(async (ends) => {
        const { watching } = watch([tls(ends)], start);
        await watching.refresh();
        return watching.series();
      }),
    );
    expect(renderSeries(addUp(lists))).toContain(
      `coldroot_end_timestamp_seconds{kind="tls",name="own"} ${start + 400}\n`,
    );
  });

  it('is everything that a bundle brings, our own CRLs, signers and the TLS certificate, in the order of their ends', async () => {
    const hierarchy = await makeHierarchy();
    const { rootFingerprint, now, issuing } = hierarchy;
    const { bundle: bytes } = await makeCrossedBundle(hierarchy);
    const verdict = verifyBundle(
      bytes,
      { rootFingerprint, now, rehearsal: 'refuse' },
      { digest: nodeDigest, verify: nodeVerifier },
    );
    if (!verdict.ok) throw new Error(verdict.refusal.message);
    const { bundle } = verdict;
    const issuer = makeIssuer(bundleIssuer(bundle, 'issuing-i1'), () => Promise.reject(new Error('not asked here')));
    const ends = endsOf({
      bundle,
      issuers: [issuer],
      authorities: [],
      crls: [{ issuer: 'issuing-i1', this_update: now, next_update: now + 7 * day }],
      tls: { begins: now, ends: now + day },
    });
    expect(ends.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'tls own',
      'crl issuing-i1',
      'bundle epoch-1',
      'offline-crl root-r1',
      'offline-crl root-r0',
      'bundle-signer bundle-signer-b1',
      'chain-ca root-r1-by-r0',
      'issuing-ca issuing-i1',
      'root root-r1',
    ]);
    expect(ends.find(({ kind }) => kind === 'issuing-ca')?.ends).toBe(issuing.tbs.notAfter);
  });
});
