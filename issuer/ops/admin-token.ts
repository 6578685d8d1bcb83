import { CodedError } from '../../core/ports/coded-error.ts';
import { readSecretFile } from './secret-file.ts';

/** What an Authorization header can carry (RFC 6750 §2.1 allows less), and too long to be found by trying. */
const longEnough = /^[\u0021-\u007E]{32,512}$/u;

/**
 * The secret by which operators are let in to the admin API on this machine: any local user can reach its port, and try.
 * Throws `admin-token-weak`, and what {@link readSecretFile} throws.
 */
export function readAdminToken(file: string): string {
  const token = readSecretFile(file);
  if (longEnough.test(token)) return token;
  throw new CodedError({
    code: 'admin-token-weak',
    message: `The operators’ token in ${file} is not 32 to 512 visible ASCII characters.`,
    remedy: 'Draw one: openssl rand -base64 33 > FILE.',
    where: { file },
  });
}
