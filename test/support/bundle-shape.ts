import { readFileSync } from 'node:fs';
import { parseCanonicalJson } from '../../core/journal/canonical.ts';
import { readTar } from '../../core/bundle/tar.ts';

/** Everything in a bundle's manifest that does not depend on time or chance. */
export function bundleShape(file: string): string {
  const tar = readTar(readFileSync(file));
  if (!tar.ok) throw new Error(tar.refusal.message);
  return JSON.stringify(parseCanonicalJson(tar.files.get('manifest.json') ?? new Uint8Array()))
    .replaceAll(/"[0-9a-f]{64}"/gu, '"hash"')
    .replaceAll(/"(id|publicKey)":"[\w+/=]+"/gu, '"$1":"drawn"')
    .replaceAll(/"\d{4}-\d\d-\d\dT[\d:]+Z"/gu, '"time"');
}
