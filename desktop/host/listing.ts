import path from 'node:path';
import { isCoded, plainRefusal, type Refusal } from '../../core/ports/coded-error.ts';
import { utf8 } from '../../core/ports/bytes.ts';
import type { Digest } from '../../core/ports/digest.ts';
import { parseBinding } from '../../core/ceremony/binding.ts';
import { parsePlan } from '../../core/ceremony/plan.ts';
import { replay } from '../../core/ceremony/replay.ts';
import type { CeremonyState } from '../../core/ceremony/state.ts';
import { formatUtc } from '../../core/profile/dates.ts';
import { readJournal } from '../../core/node/journal-sqlite.ts';
import { readTextFile } from '../../core/node/text-file.ts';
import type { ResponseOf } from '../contract/methods.ts';
import type { Folders, Place } from './folders.ts';
import { hashOf } from './hashed.ts';

type List = ResponseOf<'list'>;
type Line<K extends keyof List> = List[K][number];

/** What a line that could be read has beyond its file. */
type Shown<K extends keyof List> = Omit<Extract<Line<K>, { readable: true }>, 'id' | 'file' | 'readable'>;

type Read<T> = { readonly ok: true; readonly shown: T } | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** Runs what reads a file; what it refuses is the line's content. */
async function reading<T>(read: () => Promise<Read<T>>): Promise<Read<T>> {
  try {
    return await read();
  } catch (error) {
    if (!isCoded(error)) throw error;
    return { ok: false, refusals: [plainRefusal(error)] };
  }
}

async function planLine({ id, name, path: file }: Place, digest: Digest): Promise<Line<'plans'>> {
  const read = await reading<Shown<'plans'>>(async () => {
    const text = await readTextFile(file);
    const parsed = parsePlan(text, name);
    if (!parsed.ok) return { ok: false, refusals: parsed.refusals };
    const { title, hierarchy, acts, tokens, previous } = parsed.value;
    const shown = { title, hierarchy, acts: acts.length, tokens: Object.keys(tokens), previous };
    return { ok: true, shown: { ...shown, ...hashOf(utf8(text), digest) } };
  });
  return read.ok
    ? { id, file: name, readable: true, ...read.shown }
    : { id, file: name, readable: false, refusals: read.refusals };
}

async function bindingLine({ id, name, path: file }: Place): Promise<Line<'bindings'>> {
  const read = await reading<Shown<'bindings'>>(async () => {
    const parsed = parseBinding(await readTextFile(file), name);
    if (!parsed.ok) return { ok: false, refusals: parsed.refusals };
    const { tokens, files, previous } = parsed.value;
    const shown = { tokens: Object.keys(tokens), files: Object.keys(files), previous: previous !== undefined };
    return { ok: true, shown };
  });
  return read.ok
    ? { id, file: name, readable: true, ...read.shown }
    : { id, file: name, readable: false, refusals: read.refusals };
}

async function ceremonyLine(place: Place, digest: Digest, open: string | undefined): Promise<Line<'ceremonies'>> {
  const { id, name: folder } = place;
  const read = await reading<CeremonyState>(async () => {
    const replayed = replay(await readJournal(path.join(place.path, 'journal.db'), digest), digest);
    return replayed.ok ? { ok: true, shown: replayed.state } : { ok: false, refusals: [replayed.refusal] };
  });
  if (!read.ok) return { id, folder, readable: false, refusals: read.refusals };
  const { beginning, status, completed, resumptions } = read.shown;
  const { title, hierarchy, acts } = beginning.plan;
  return {
    id,
    folder,
    readable: true,
    title,
    hierarchy,
    status,
    begun: formatUtc(beginning.begunAt),
    rehearsal: beginning.rehearsal,
    planHash: beginning.planHash,
    acts: { done: completed.length, all: acts.length },
    resumptions,
    open: id === open,
  };
}

/** What there is in the folders of this host. */
export async function listing(folders: Folders, digest: Digest, open: string | undefined): Promise<List> {
  const files = await folders.files();
  return {
    plans: await Promise.all(files.plan.map((place) => planLine(place, digest))),
    bindings: await Promise.all(files.binding.map((place) => bindingLine(place))),
    ceremonies: await Promise.all((await folders.ceremonies()).map((place) => ceremonyLine(place, digest, open))),
  };
}
