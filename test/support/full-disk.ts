// Writes to a disk that fills up and is emptied again; its folder is the argument. Says what happened, as JSON.
import { readdirSync, rmSync, writeSync, openSync, closeSync } from 'node:fs';
import path from 'node:path';
import { nodeDigest } from '../../core/node/crypto.ts';
import { openJournal, readJournal } from '../../core/node/journal-sqlite.ts';
import { lock } from '../../core/node/lock.ts';
import { fileMedia } from '../../core/node/media.ts';
import { writeSecretFile } from '../../core/node/pin-file.ts';
import { chainOf } from './chain.ts';

const folder = process.argv[2] ?? '';
const at = (name: string): string => path.join(folder, name);
const [first, second] = chainOf({ a: 1 }, { b: 'x'.repeat(50_000) });
if (first === undefined || second === undefined) throw new Error('there are two records');

async function endOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    ({ code }: { readonly code: string }) => code,
  );
}

function fill(): void {
  const filler = openSync(at('filler'), 'w');
  try {
    for (const size of [65_536, 4096, 1]) {
      for (;;) {
        try {
          writeSync(filler, Buffer.alloc(size));
        } catch {
          break;
        }
      }
    }
  } finally {
    closeSync(filler);
  }
}

const said: Record<string, unknown> = {};
const journal = await openJournal(at('journal.db'), nodeDigest);
await journal.append(first);
fill();
said['append'] = await endOf(journal.append(second));
said['records'] = journal.records.length;
said['onDisk'] = (await readJournal(at('journal.db'), nodeDigest)).length;
said['media'] = await endOf(fileMedia.write(at('out.pem'), Buffer.alloc(20_000)));
said['secret'] = await endOf(writeSecretFile(at('share'), '00'));
said['lock'] = await endOf(lock(at('lock')));
said['files'] = readdirSync(folder).sort();
rmSync(at('filler'));
said['appendAgain'] = await endOf(journal.append(second));
said['onDiskAgain'] = (await readJournal(at('journal.db'), nodeDigest)).length;
said['mediaAgain'] = await endOf(fileMedia.write(at('out.pem'), Buffer.alloc(20_000)));
said['lockAgain'] = await endOf(lock(at('lock')));
process.stdout.write(JSON.stringify(said));
