import { createPrivateKey } from 'node:crypto';
import { isIP } from 'node:net';
import { throwawayKey } from '../../core/node/throwaway-key.ts';
import { CodedError } from '../../core/ports/coded-error.ts';
import { durationSeconds } from '../../core/profile/duration.ts';
import { leafProfileSchema } from '../../core/profile/profile.ts';
import { toPem } from '../../core/x509/pem.ts';
import { parseIdentifiers } from '../acme/identifiers/parse-identifier.ts';
import type { Config } from '../ops/config.ts';
import { abandonCertificate } from '../store/abandon-certificate.ts';
import type { Database } from '../store/database.ts';
import { intendCertificate } from '../store/intend-certificate.ts';
import { storeCertificate } from '../store/store-certificate.ts';
import { issueCertificate, type IssueTools, type Ledger } from './issue.ts';
import type { Issuer } from './issuer.ts';
import { chooseValidity } from './validity.ts';

/** What a TLS server needs, in PEM. The key lives in this process alone and dies with it. */
export interface OwnCertificate {
  readonly key: string;
  readonly certificate: string;
  /** Seconds since the epoch. */
  readonly begins: number;
  readonly ends: number;
  /** Two thirds of its life. */
  readonly renewAt: number;
}

const profile = leafProfileSchema.parse({ type: 'leaf', eku: ['serverAuth'] });
/** For clients whose clock is behind: a minute, or a sixth of a short life. */
const maximumBackdate = 60;

function ledgerOf(database: Database): Ledger {
  return {
    async intend(intent) {
      await intendCertificate(database, intent);
      return true;
    },
    store: (serial, der, now) => storeCertificate(database, serial, der, now),
    abandon: (serial, now) => abandonCertificate(database, serial, now),
  };
}

/** Issues the server its own certificate, recorded and linted like any other, for a new key. */
export async function issueOwnCertificate(
  { names, lifetime }: Config['tls'],
  issuer: Issuer,
  tools: IssueTools,
  database: Database,
): Promise<OwnCertificate> {
  const key = await throwawayKey('ec-p256');
  const identifiers = parseIdentifiers(names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })));
  // The signed policy is a ceiling here, not a reason to refuse: nobody wants to configure this number.
  const seconds = Math.min(durationSeconds(lifetime), issuer.policy.maxValidity);
  const validity = chooseValidity(
    tools.clock.now(),
    { notBefore: null, notAfter: null },
    {
      lifetime: { min: 0, default: seconds, max: seconds },
      backdate: Math.min(maximumBackdate, Math.floor(seconds / 6)),
      issuer: issuer.certificate.tbs,
    },
  );
  const request = { issuer, profile, identifiers, spki: key.spki, ...validity };
  const issued = await issueCertificate(request, ledgerOf(database), tools);
  if (issued === undefined) {
    throw new CodedError({
      code: 'own-certificate',
      message: 'The server’s own certificate was not recorded.',
      remedy: 'Look for database errors in the log.',
    });
  }
  const { notBefore, notAfter } = issued;
  const chain = issuer.chains[0] ?? [];
  const pkcs8 = createPrivateKey({ key: Buffer.from(key.pkcs8()), format: 'der', type: 'pkcs8' });
  return {
    key: pkcs8.export({ format: 'pem', type: 'pkcs8' }).toString(),
    certificate: [issued.der, ...chain.map(({ raw }) => raw)].map((der) => toPem('CERTIFICATE', der)).join(''),
    begins: notBefore,
    ends: notAfter,
    renewAt: notBefore + Math.floor(((notAfter - notBefore) * 2) / 3),
  };
}
