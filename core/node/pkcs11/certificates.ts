import type { TokenCertificate } from '../../ports/token-certificates.ts';
import { maximumCertificateBytes } from '../../x509/certificate.ts';
import { readAttributes, textOf } from './attributes.ts';
import * as p11 from './constants.ts';
import { findObjects } from './objects.ts';
import type { Session } from './session.ts';

/** More than any device has of its own: some show one for each key, made at the moment they are read. */
const maximumCertificates = 64;

/** Certificates on the token that this session may see. */
export function certificates(session: Session): TokenCertificate[] {
  const handles = findObjects(session, [{ type: p11.CKA_CLASS, value: p11.CKO_CERTIFICATE }]);
  return handles.slice(0, maximumCertificates).flatMap((handle) => {
    const values = readAttributes(session, handle, [p11.CKA_LABEL, p11.CKA_ID, p11.CKA_VALUE]);
    const der = values.get(p11.CKA_VALUE) ?? Buffer.alloc(0);
    if (der.length === 0 || der.length > maximumCertificateBytes) return [];
    const id = (values.get(p11.CKA_ID) ?? Buffer.alloc(0)).toString('hex');
    return [{ label: textOf(values, p11.CKA_LABEL), id, der: Uint8Array.from(der) }];
  });
}
