import type { Bundle } from '../bundle/bundle.ts';
import { transcriptFile } from '../bundle/layout.ts';
import { readTranscript } from '../bundle/transcript.ts';
import type { Digest } from '../ports/digest.ts';
import { toBase64 } from '../ports/base64.ts';
import { eventOf } from './events.ts';

/** What the ceremony that left a bundle has changed: its transcript begins with what it went on from. */
export function changesOf({ files, certificates, crls }: Bundle, digest: Digest): readonly string[] {
  const [first] = readTranscript(files.get(transcriptFile) ?? new Uint8Array(), digest) ?? [];
  const begin = first === undefined ? undefined : eventOf(first);
  if (begin?.kind !== 'begin') return [];
  const made = [...certificates].flatMap(([name, { raw }]) => {
    const before = begin.certificates[name]?.der;
    if (before === undefined) return [`new certificate ${name}`];
    return before === toBase64(raw) ? [] : [`another certificate ${name}`];
  });
  const gone = Object.keys(begin.certificates).filter((name) => !certificates.has(name));
  const lists = crls.flatMap(({ issuer, number }) => {
    const before = begin.crls[issuer]?.number;
    return before === number.toString() ? [] : [`CRL of ${issuer}: number ${before ?? 'none'}, now ${number}`];
  });
  return [...made, ...gone.map((name) => `no more ${name}`), ...lists];
}
