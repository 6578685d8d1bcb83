import { fromBase64 } from '../ports/base64.ts';
import { equalBytes } from '../ports/bytes.ts';
import type { Refusal } from '../ports/coded-error.ts';
import type { TokenObject } from '../ports/token.ts';
import { readCertificate } from '../x509/certificate.ts';
import type { Carried } from './previous.ts';
import type { Plan } from './plan-types.ts';

type Seen = Readonly<Record<string, readonly TokenObject[]>>;

/**
 * Keys of earlier ceremonies that are not on the device the binding says: the wrong one is in the slot, or two are swapped.
 * Without a PIN some devices show nothing; one that shows other keys and not this one is the wrong one.
 */
export function keysElsewhere(plan: Plan, { certificates, keys }: Carried, seen: Seen): Refusal[] {
  return Object.entries(plan.existing).flatMap(([name, { token }]) => {
    const shown = token === undefined ? undefined : seen[token];
    if (token === undefined || shown === undefined) return [];
    const [der, key] = [certificates[name]?.der, keys[name]?.spki];
    const spki = der === undefined ? fromBase64(key ?? '') : readCertificate(fromBase64(der)).tbs.spki;
    if (spki.length === 0) return [];
    const shows = (objects: readonly TokenObject[]): boolean =>
      objects.some((object) => object.spki !== undefined && equalBytes(object.spki, spki));
    if (shows(shown)) return [];
    const other = Object.keys(seen).find((one) => shows(seen[one] ?? []));
    const remedy = 'Put the right device in, or correct the binding: compare its serial with the last transcript.';
    if (other !== undefined) {
      const message = `The key "${name}" is on the device bound as "${other}", not on the one bound as "${token}".`;
      return [{ code: 'token-key-elsewhere', message, remedy }];
    }
    if (shown.every((object) => object.spki === undefined)) return [];
    const message = `The device bound as "${token}" shows other keys, and not "${name}".`;
    return [{ code: 'token-key-not-there', message, remedy }];
  });
}
