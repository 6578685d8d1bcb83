import { readCms } from '../bundle/cms.ts';
import type { Digest } from '../ports/digest.ts';
import { toHex } from '../ports/hex.ts';
import type { Artefact, SecondReading } from '../ports/second-opinion.ts';
import { readCertificate } from '../x509/certificate.ts';
import { readCrl } from '../x509/crl.ts';
import { extensionList } from './opinion-facts.ts';

/** What we read, in the words of a second reading. */
function ourReading(artefact: Artefact, digest: Digest): Omit<SecondReading, 'by'> {
  const { kind, der } = artefact;
  if (kind === 'signature') {
    const verdict = readCms(der, artefact.content, digest);
    if (!verdict.ok) return {};
    const { signer, signingTime } = verdict.cms;
    return { serial: toHex(signer.tbs.serial), issuer: toHex(signer.tbs.issuer), notBefore: signingTime };
  }
  if (kind === 'crl') {
    const { tbs } = readCrl(der);
    const dates = { notBefore: tbs.thisUpdate, notAfter: tbs.nextUpdate ?? 0 };
    return { issuer: toHex(tbs.issuer), ...dates, extensions: extensionList(tbs.extensions, digest) };
  }
  const { tbs } = readCertificate(der);
  return {
    serial: toHex(tbs.serial),
    subject: toHex(tbs.subject),
    issuer: toHex(tbs.issuer),
    notBefore: tbs.notBefore,
    notAfter: tbs.notAfter,
    spkiSha256: toHex(digest('sha256', tbs.spki)),
    extensions: extensionList(tbs.extensions, digest),
  };
}

/** Everything in which another reading differs from ours; what the other did not say is no difference. */
export function opinionFaults(
  artefact: Artefact,
  readings: readonly SecondReading[],
  digest: Digest,
): readonly string[] {
  const ours = ourReading(artefact, digest);
  return readings.flatMap(({ by, problem, ...theirs }) => {
    const faults = problem === undefined ? [] : [`${by}: ${problem}`];
    for (const [name, value] of Object.entries(theirs)) {
      if (name === 'signatureValid') {
        if (value !== true) faults.push(`${by}: the signature does not verify`);
      } else if (value !== undefined && JSON.stringify(value) !== JSON.stringify(ours[name as keyof typeof ours])) {
        faults.push(`${by}: another ${name}`);
      }
    }
    return faults;
  });
}
