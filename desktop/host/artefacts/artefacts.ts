import path from 'node:path';
import { fromBase64, toBase64 } from '../../../core/ports/base64.ts';
import { fromUtf8 } from '../../../core/ports/bytes.ts';
import { CodedError, isCoded } from '../../../core/ports/coded-error.ts';
import { manifestFile, maximumBundleBytes } from '../../../core/bundle/layout.ts';
import { readTar } from '../../../core/bundle/tar.ts';
import type { CeremonyPorts } from '../../../core/ceremony/ports.ts';
import { maximumCsrBytes } from '../../../core/x509/csr.ts';
import { readPem, toPem, type PemLabel } from '../../../core/x509/pem.ts';
import type { ResponseOf } from '../../contract/methods.ts';
import { hashOf } from '../hashed.ts';
import type { Past } from '../past.ts';
import type { Artefact, Found } from './artefact.ts';
import { sectionsOf } from './sections.ts';

type Ports = Pick<CeremonyPorts, 'media' | 'digest' | 'verify'>;

const labelOf: Readonly<Partial<Record<Found['kind'], PemLabel>>> = {
  certificate: 'CERTIFICATE',
  crl: 'X509 CRL',
  csr: 'CERTIFICATE REQUEST',
};

/** A file that may be gone by now, such as one on a medium that was taken out. */
async function readIfThere(file: string, maximumBytes: number, { media }: Ports): Promise<Uint8Array | undefined> {
  try {
    return await media.read(file, maximumBytes);
  } catch (error) {
    if (isCoded(error)) return undefined;
    throw error;
  }
}

function csrBytes(bytes: Uint8Array): Uint8Array | undefined {
  const text = fromUtf8(bytes);
  if (text === undefined || !text.includes('-----BEGIN')) return bytes[0] === 0x30 ? bytes : undefined;
  try {
    return readPem(text).find(({ label }) => label === 'CERTIFICATE REQUEST')?.bytes;
  } catch (error) {
    if (isCoded(error)) return undefined;
    throw error;
  }
}

async function requests({ bound }: Past, ports: Ports): Promise<readonly Found[]> {
  const found = await Promise.all(
    Object.entries(bound.setting.files).map(async ([name, file]) => {
      const held = await readIfThere(file, maximumCsrBytes * 2, ports);
      const bytes = held === undefined ? undefined : csrBytes(held);
      return bytes === undefined ? [] : [{ name: `csr:${name}`, kind: 'csr', title: `CSR ${name}`, bytes } as const];
    }),
  );
  return found.flat();
}

async function bundleOf({ state, bound }: Past, ports: Ports): Promise<readonly Found[]> {
  if (state.bundle === undefined) return [];
  const { file, epoch } = state.bundle;
  const bytes = await readIfThere(path.join(bound.setting.output, file), maximumBundleBytes, ports);
  if (bytes === undefined) return [];
  const tar = readTar(bytes);
  const manifest = tar.ok ? tar.files.get(manifestFile) : undefined;
  return [
    { name: 'bundle', kind: 'bundle', title: `Bundle ${file}, epoch ${epoch}`, bytes },
    ...(manifest === undefined
      ? []
      : [{ name: 'manifest', kind: 'manifest', title: 'Manifest', bytes: manifest } as const]),
  ];
}

async function findAll(past: Past, ports: Ports): Promise<readonly Found[]> {
  const { certificates, crls } = past.state;
  return [
    ...Object.entries(certificates).map(([name, { der }]) => ({
      name: `certificate:${name}`,
      kind: 'certificate' as const,
      title: `Certificate ${name}`,
      bytes: fromBase64(der),
    })),
    ...Object.entries(crls).map(([issuer, { der, number }]) => ({
      name: `crl:${issuer}`,
      kind: 'crl' as const,
      title: `CRL of ${issuer}, number ${number}`,
      bytes: fromBase64(der),
    })),
    ...(await requests(past, ports)),
    ...(await bundleOf(past, ports)),
  ];
}

function lineOf({ name, kind, title, bytes }: Found, ports: Ports): ResponseOf<'artefacts'>['artefacts'][number] {
  return { name, kind, title, bytes: bytes.length, ...hashOf(bytes, ports.digest) };
}

/** Everything a ceremony made or was given that can be looked at. */
export async function artefactList(past: Past, ports: Ports): Promise<ResponseOf<'artefacts'>> {
  return { artefacts: (await findAll(past, ports)).map((found) => lineOf(found, ports)) };
}

/** One of them, taken apart. */
export async function artefactNamed(past: Past, name: string, ports: Ports): Promise<Artefact> {
  const found = (await findAll(past, ports)).find((candidate) => candidate.name === name);
  if (found === undefined) {
    const message = 'This ceremony has no such artefact, or the medium it is on is not in.';
    throw new CodedError({ code: 'window-unknown', message, remedy: 'Look at the list again.' });
  }
  const label = labelOf[found.kind];
  return {
    ...lineOf(found, ports),
    sections: [...sectionsOf[found.kind](found, ports)],
    der: label === undefined ? null : toBase64(found.bytes),
    pem: label === undefined ? null : toPem(label, found.bytes),
    text: found.kind === 'manifest' ? (fromUtf8(found.bytes) ?? null) : null,
  };
}
