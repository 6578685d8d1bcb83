import path from 'node:path';
import { CodedError, isCoded } from '../../core/ports/coded-error.ts';
import { equalBytes, utf8 } from '../../core/ports/bytes.ts';
import { fromBase64 } from '../../core/ports/base64.ts';
import { maximumBundleBytes } from '../../core/bundle/layout.ts';
import type { CeremonyPorts } from '../../core/ceremony/ports.ts';
import { formatUtc } from '../../core/profile/dates.ts';
import { toPem } from '../../core/x509/pem.ts';
import type { EventOf } from '../contract/events.ts';
import type { ResponseOf } from '../contract/methods.ts';
import { hashOf } from './hashed.ts';
import type { MediaTarget } from './media/media-source.ts';
import type { Past } from './past.ts';

type Ports = Pick<CeremonyPorts, 'media' | 'digest' | 'clock'>;
export type Tell = (progress: EventOf<'progress'>) => void;

/** The list of everything else that was copied, in sha256sum's own format. */
const sumsName = 'SHA256SUMS';
/** A medium must have this much more than the files: its own tables grow too. */
const spareBytes = 64 * 1024;

/** What leaves the room: the bundle as it was verified, and every certificate and CRL by itself. */
async function filesOf({ state, bound }: Past, { media, digest }: Ports): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const { bundle } = state;
  if (bundle !== undefined) {
    const bytes = await media.read(path.join(bound.setting.output, bundle.file), maximumBundleBytes);
    if (hashOf(bytes, digest).sha256 !== bundle.sha256) {
      const remedy = 'Do not use it. Keep it as evidence and find out who changed it.';
      const message = `The bundle ${bundle.file} is not the one this ceremony made.`;
      throw new CodedError({ code: 'export-changed', message, remedy });
    }
    files.set(bundle.file, bytes);
  }
  for (const [name, { der }] of Object.entries(state.certificates)) {
    files.set(`${name}.pem`, utf8(toPem('CERTIFICATE', fromBase64(der))));
  }
  for (const [issuer, { der }] of Object.entries(state.crls)) {
    files.set(`${issuer}.crl.pem`, utf8(toPem('X509 CRL', fromBase64(der))));
  }
  if (files.size > 0) return files;
  const message = 'This ceremony has made nothing yet that could be exported.';
  throw new CodedError({ code: 'export-nothing', message, remedy: 'Export it when something has been made.' });
}

function requireSpace(files: ReadonlyMap<string, Uint8Array>, target: MediaTarget): void {
  const needed = [...files.values()].reduce((sum, bytes) => sum + bytes.length, spareBytes);
  if (target.freeBytes >= needed) return;
  throw new CodedError({
    code: 'media-full',
    message: `The medium ${target.label} has ${target.freeBytes} bytes free; ${needed} are needed.`,
    remedy: 'Use an empty medium. Nothing was written.',
  });
}

async function readBack(file: string, bytes: Uint8Array, { media }: Ports): Promise<void> {
  const there = await media.read(file, bytes.length).catch((error: unknown) => {
    if (isCoded(error)) return undefined;
    throw error;
  });
  if (there !== undefined && equalBytes(there, bytes)) return;
  throw new CodedError({
    code: 'export-differs',
    message: `What was read back from ${path.basename(file)} is not what was written.`,
    remedy: 'Throw this medium away and use another. What was made is safe in the ceremony’s folder.',
  });
}

/**
 * Copies what a ceremony made to a medium: free space first, every file written, flushed and read back from the device
 * (the media port does that), then every one compared once more under its name. What it says was copied is on the medium.
 */
export async function exportTo(
  past: Past,
  target: MediaTarget,
  ports: Ports,
  tell: Tell,
): Promise<ResponseOf<'export'>> {
  const files = new Map(await filesOf(past, ports));
  const folder = `coldroot-${past.place.name}`;
  const lines = [...files].map(([name, bytes]) => `${hashOf(bytes, ports.digest).sha256}  ${name}\n`);
  const sums = utf8(lines.sort().join(''));
  files.set(sumsName, sums);
  requireSpace(files, target);
  const all = files.size;
  const say = (step: EventOf<'progress'>['step'], file: string | null, done: number): void => {
    tell({ task: 'export', step, file, done, all });
  };
  say('space', null, 0);
  let done = 0;
  for (const [name, bytes] of files) {
    say('writing', name, done);
    await ports.media.write(path.join(target.folder, folder, name), bytes);
    done += 1;
    say('flushed', name, done);
  }
  done = 0;
  for (const [name, bytes] of files) {
    say('comparing', name, done);
    await readBack(path.join(target.folder, folder, name), bytes, ports);
    done += 1;
  }
  say('compared', null, done);
  return {
    at: formatUtc(ports.clock.now()),
    label: target.label,
    device: target.device,
    standIn: target.standIn,
    folder,
    files: [...files].map(([file, bytes]) => ({ file, bytes: bytes.length, ...hashOf(bytes, ports.digest) })),
    whole: hashOf(sums, ports.digest),
  };
}
