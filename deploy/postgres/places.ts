import { chownSync, cpSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodeDigest } from '../../core/node/crypto.ts';
import { utf8 } from '../../core/ports/bytes.ts';
import { CodedError } from '../../core/ports/coded-error.ts';
import { toHex } from '../../core/ports/hex.ts';

/** `nobody`: the account every Linux has, and that owns nothing. */
const unprivileged = { uid: 65_534, gid: 65_534 } as const;

/** Who the server runs as, and where its data and its programs are so that this user can reach them. */
export interface Places {
  /** Absent when we are an ordinary user already. */
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  readonly directory: string;
  /** Holds `bin`, `lib` and `share`. */
  readonly native: string;
}

/** Whether any user may walk to this folder: every folder on the way has the search bit for others. */
function reachableByAll(folder: string): boolean {
  for (let at = folder; ; at = path.dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

function shared(): string {
  return existsSync('/var/tmp') ? '/var/tmp' : tmpdir();
}

/** A folder of ours (or of the server's user) in a place where anyone may make one: never somebody else's, never a link. */
function ownFolder(folder: string, mode: number, ...owners: (number | undefined)[]): string {
  mkdirSync(folder, { recursive: true, mode });
  const facts = lstatSync(folder);
  if (!facts.isDirectory() || ![process.getuid?.(), ...owners].includes(facts.uid)) {
    throw new CodedError({
      code: 'postgres-folder-foreign',
      message: `${folder} is there already and is not ours.`,
      remedy: 'Remove it, or give another data directory.',
    });
  }
  return folder;
}

function nameOf(folder: string): string {
  return toHex(nodeDigest('sha256', utf8(path.resolve(folder)))).slice(0, 16);
}

/** The programs, copied once to where everyone can reach them. Copied aside and renamed: a half copy is never used. */
function reachableNative(native: string): string {
  if (reachableByAll(native)) return native;
  const copy = path.join(
    ownFolder(path.join(shared(), `coldroot-postgres-programs-${nameOf(native)}`), 0o711),
    'native',
  );
  if (!existsSync(copy)) {
    const half = `${copy}.${process.pid}`;
    rmSync(half, { recursive: true, force: true });
    cpSync(native, half, { recursive: true, verbatimSymlinks: true });
    if (existsSync(copy)) rmSync(half, { recursive: true, force: true });
    else renameSync(half, copy);
  }
  return copy;
}

/**
 * Decides where the server lives. PostgreSQL refuses to run as root, so that root runs it as `nobody`; what `nobody`
 * cannot reach (a checkout under /root, say) moves to /var/tmp.
 */
export function choosePlaces(directory: string, native: string): Places {
  if (process.getuid?.() !== 0) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return { user: undefined, directory, native };
  }
  const parent = path.dirname(path.resolve(directory));
  mkdirSync(parent, { recursive: true, mode: 0o711 });
  const reachable = reachableByAll(parent);
  const chosen = reachable ? directory : path.join(shared(), `coldroot-postgres-${nameOf(directory)}`);
  ownFolder(chosen, 0o700, unprivileged.uid);
  chownSync(chosen, unprivileged.uid, unprivileged.gid);
  return { user: unprivileged, directory: chosen, native: reachableNative(native) };
}
