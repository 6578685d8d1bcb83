import { createHash } from 'node:crypto';
import { toBase64Url } from '../../core/ports/base64.ts';
import type { Dns } from './dns.ts';
import { wrongResponse } from './failures.ts';
import { equalTexts } from './key-authorization.ts';
import type { Validator } from './validator.ts';

const maximumRecords = 100;

/** RFC 8555 §8.4: one of the TXT records at _acme-challenge.<name> is the hash of the key authorization. */
export function dns01(dns: Dns): Validator {
  return async (job, keyAuthorization, signal) => {
    const name = `_acme-challenge.${job.identifier_value}`;
    const expected = toBase64Url(createHash('sha256').update(keyAuthorization).digest());
    const texts = await dns.texts(name, signal);
    if (texts.slice(0, maximumRecords).some((text) => equalTexts(text, expected))) return;
    throw wrongResponse(`None of the ${texts.length} TXT records at ${name} is the one expected.`);
  };
}
