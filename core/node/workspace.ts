import { createHash } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { CodedError } from '../ports/coded-error.ts';
import { utf8 } from '../ports/bytes.ts';
import type { Digest } from '../ports/digest.ts';
import type { JournalStore } from '../ports/journal.ts';
import type { Json } from '../ports/json.ts';
import { canonicalBytes } from '../journal/canonical.ts';
import { parseBinding } from '../ceremony/binding.ts';
import type { Setting } from '../ceremony/ports.ts';
import { atomicWrite } from './atomic-write.ts';
import { makeFolder } from './flush.ts';
import { openJournal } from './journal-sqlite.ts';
import { lock } from './lock.ts';
import type { TokenModule } from './pkcs11/connect.ts';
import { readTextFile } from './text-file.ts';

/** A binding with every path made absolute: what a ceremony needs to be taken up again in its folder. */
const boundSchema = z.strictObject({
  modules: z.record(z.string(), z.strictObject({ path: z.string(), environment: z.record(z.string(), z.string()) })),
  setting: z.strictObject({
    tokens: z.record(z.string(), z.string()),
    files: z.record(z.string(), z.string()),
    output: z.string(),
    bindingHash: z.string(),
    previous: z.strictObject({ bundle: z.string(), root: z.string() }).optional(),
    rehearsal: z.strictObject({ bundle: z.string(), root: z.string() }).optional(),
  }),
});

/** PKCS#11 modules and the setting a binding means on this machine. */
export interface Bound {
  readonly modules: Readonly<Record<string, TokenModule>>;
  readonly setting: Setting;
}

/** What is kept of a binding in the ceremony's folder, and hashed: everything but the hash itself. */
type Meaning = { readonly modules: Bound['modules']; readonly setting: Omit<Setting, 'boundHash'> };

/** A binding's meaning with its hash. It is never read from the folder, where anybody could write another one beside other modules. */
function hashed(meaning: Meaning): Bound {
  const bytes = canonicalBytes(meaning as unknown as Json);
  const boundHash = createHash('sha256').update(bytes).digest('hex');
  return { modules: meaning.modules, setting: { ...meaning.setting, boundHash } };
}

/** Variables whose value is a path: relative ones count from the binding file, as every other path in it. */
function resolveEnvironment(environment: Readonly<Record<string, string>>, base: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value.startsWith('./') || value.startsWith('../') ? path.resolve(base, value) : value,
    ]),
  );
}

/** Reads a binding file; relative paths count from its folder. `output` is used where the binding names none. */
export async function loadBinding(file: string, output: string): Promise<Bound> {
  const text = await readTextFile(file);
  const parsed = parseBinding(text, file);
  if (!parsed.ok) throw refusalsError(parsed.refusals);
  const base = path.dirname(path.resolve(file));
  const at = (relative: string): string => path.resolve(base, relative);
  const { modules, tokens, files, previous, rehearsal, output: named } = parsed.value;
  return hashed({
    modules: Object.fromEntries(
      Object.entries(modules).map(([name, module]) => [
        name,
        {
          // A bare name is for the system's loader to find; with a slash in it, it is a path like every other here.
          path: module.path.includes('/') ? at(module.path) : module.path,
          environment: resolveEnvironment(module.environment, base),
        },
      ]),
    ),
    setting: {
      tokens,
      files: Object.fromEntries(Object.entries(files).map(([name, relative]) => [name, at(relative)])),
      output: named === undefined ? path.resolve(output) : at(named),
      bindingHash: createHash('sha256').update(utf8(text)).digest('hex'),
      ...(previous === undefined ? {} : { previous: { bundle: at(previous.bundle), root: previous.root } }),
      ...(rehearsal === undefined ? {} : { rehearsal: { bundle: at(rehearsal.bundle), root: rehearsal.root } }),
    },
  });
}

/** The first of several refusals as an error; the others are counted. */
export function refusalsError(
  refusals: readonly { code: string; message: string; remedy: string; where?: object }[],
): CodedError {
  const [first = { code: 'refused', message: 'Refused.', remedy: 'See above.' }, ...others] = refusals;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return new CodedError({ ...first, message: `${first.message}${more}` });
}

/** A ceremony's own folder: journal, setting, lock, and the output where the binding names no other place. */
export interface Workspace {
  readonly directory: string;
  readonly journal: JournalStore;
  /** Notes a process that works for this one: a resume after a crash waits until it has ended. */
  note(pid: number): void;
  /** Lets go of the folder. */
  close(): Promise<void>;
}

export function outputFolder(directory: string): string {
  return path.join(path.resolve(directory), 'out');
}

/** Opens a ceremony's folder for this process alone. */
export async function openWorkspace(directory: string, digest: Digest, onWait?: () => void): Promise<Workspace> {
  await makeFolder(directory, 0o700);
  const held = await lock(path.join(directory, 'lock'), onWait);
  try {
    const journal = await openJournal(path.join(directory, 'journal.db'), digest);
    return { directory, journal, note: (pid) => held.note(pid), close: () => held.release() };
  } catch (error) {
    await held.release();
    throw error;
  }
}

/** Keeps what the binding meant, so that the ceremony can be resumed from its folder alone. It holds no secret. */
export async function saveBound(directory: string, bound: Bound): Promise<void> {
  const { boundHash: _hash, ...setting } = bound.setting;
  const meaning: Meaning = { modules: bound.modules, setting };
  await atomicWrite(path.join(directory, 'setting.json'), canonicalBytes(meaning as unknown as Json));
}

/** What {@link saveBound} kept. */
export async function loadBound(directory: string): Promise<Bound> {
  const file = path.join(directory, 'setting.json');
  const parsed = boundSchema.safeParse(parseJson(await readTextFile(file)));
  if (!parsed.success) {
    const remedy = 'Resume with a whole copy of the ceremony’s folder.';
    throw new CodedError({ code: 'setting-damaged', message: `${file} is damaged.`, remedy, where: { file } });
  }
  const { previous, rehearsal, ...setting } = parsed.data.setting;
  const optional = {
    ...(previous === undefined ? {} : { previous }),
    ...(rehearsal === undefined ? {} : { rehearsal }),
  };
  return hashed({ modules: parsed.data.modules, setting: { ...setting, ...optional } });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
