import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Digest } from '../../core/ports/digest.ts';
import { CodedError } from '../../core/ports/coded-error.ts';
import { readTextFile } from '../../core/node/text-file.ts';
import { idOf } from './hashed.ts';

/** Files and folders listed at most: more than that is not a folder of plans. */
const most = 500;

/** Something on this machine a page may name. */
export interface Place {
  readonly id: string;
  /** Its own name, without the folder it is in. */
  readonly name: string;
  readonly path: string;
}

export type Kind = 'plan' | 'binding' | 'ceremony';
const what: Readonly<Record<Kind, string>> = { plan: 'plan', binding: 'binding', ceremony: 'ceremony' };

/** Every YAML file that is not of another kind is a plan: one that is broken is listed with what is wrong, not hidden. */
function kindOf(text: string): 'plan' | 'binding' | undefined {
  if (/^coldroot-binding\s*:/mu.test(text)) return 'binding';
  return /^coldroot-answers\s*:/mu.test(text) ? undefined : 'plan';
}

/** Finds plans, bindings and ceremonies in the folders the host was started with, and nothing outside them. */
export class Folders {
  readonly #plans: readonly string[];
  readonly #work: string;
  readonly #digest: Digest;

  constructor(plans: readonly string[], work: string, digest: Digest) {
    this.#plans = [...new Set(plans.map((folder) => path.resolve(folder)))];
    this.#work = path.resolve(work);
    this.#digest = digest;
  }

  get work(): string {
    return this.#work;
  }

  place(file: string): Place {
    return { id: idOf(file, this.#digest), name: path.basename(file), path: file };
  }

  async files(): Promise<Readonly<Record<'plan' | 'binding', readonly Place[]>>> {
    const found: Record<'plan' | 'binding', Place[]> = { plan: [], binding: [] };
    for (const folder of this.#plans) {
      const names = await readdir(folder).catch(() => []);
      const yaml = names.filter((name) => /\.ya?ml$/u.test(name) && !name.startsWith('.'));
      for (const name of yaml.sort().slice(0, most)) {
        const file = path.join(folder, name);
        // What cannot be read is a plan with a refusal: the list says why.
        const kind = kindOf(await readTextFile(file).catch(() => ''));
        if (kind !== undefined) found[kind].push(this.place(file));
      }
    }
    return found;
  }

  /** Folders with a journal in them, the newest first. */
  async ceremonies(): Promise<readonly Place[]> {
    const entries = await readdir(this.#work, { withFileTypes: true }).catch(() => []);
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(this.#work, name));
    const dated = await Promise.all(
      folders.slice(0, most).map(async (folder) => ({
        folder,
        at: await stat(path.join(folder, 'journal.db')).then(
          ({ mtimeMs }) => mtimeMs,
          () => undefined,
        ),
      })),
    );
    return dated
      .filter(({ at }) => at !== undefined)
      .sort((left, right) => (right.at ?? 0) - (left.at ?? 0))
      .map(({ folder }) => this.place(folder));
  }

  /** What an id stands for. The folders are looked at afresh: an id is a name, never a permission that lasts. */
  async find(kind: Kind, id: string): Promise<Place> {
    const places = kind === 'ceremony' ? await this.ceremonies() : (await this.files())[kind];
    const place = places.find((candidate) => candidate.id === id);
    if (place !== undefined) return place;
    throw new CodedError({
      code: 'window-unknown',
      message: `That ${what[kind]} is not in the folders of this window any more.`,
      remedy: 'Look at the list again.',
    });
  }

  /** A folder for a new ceremony, with a name nothing has yet. */
  async fresh(planName: string): Promise<string> {
    const taken = new Set(await readdir(this.#work).catch(() => []));
    const base = `ceremony-${planName.replace(/\.ya?ml$/u, '')}`;
    for (let number = 1; number <= most; number += 1) {
      const name = number === 1 ? base : `${base}-${number}`;
      if (!taken.has(name)) return path.join(this.#work, name);
    }
    const remedy = 'Move old ceremonies away.';
    throw new CodedError({ code: 'window-full', message: 'There are too many ceremonies of this plan.', remedy });
  }
}
