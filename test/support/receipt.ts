import { z } from 'zod';
import { writeReceipt } from '../../core/bundle/receipt.ts';
import { manifestFile, sumsFile } from '../../core/bundle/layout.ts';
import { readTar } from '../../core/bundle/tar.ts';
import { sha256 } from './hierarchy.ts';

const facts = z.object({ hierarchy: z.string(), rehearsal: z.boolean(), epoch: z.int(), created: z.string() });

/** What an issuer that has loaded this bundle says of it, written the moment it was made. */
export function receiptFor(archive: Uint8Array): Uint8Array {
  const tar = readTar(archive);
  if (!tar.ok) throw new Error(tar.refusal.message);
  const file = (name: string): Uint8Array => tar.files.get(name) ?? new Uint8Array();
  const { created, ...manifest } = facts.parse(JSON.parse(Buffer.from(file(manifestFile)).toString()));
  return writeReceipt({
    'coldroot-receipt': 1,
    authenticated: false,
    ...manifest,
    sums: sha256(file(sumsFile)),
    loaded: created,
    made: created,
    issuer: 'https://acme.example.internal',
    replica: 'issuer-1',
  });
}
