import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { connectTokens } from '../../../../core/node/pkcs11/connect.ts';
import { faultChildEntry, faultSerial } from '../../../faults/fault-script.ts';
import { createSoftHsm, softHsmMissing } from '../../../support/softhsm.ts';
import { until } from '../../../support/until.ts';
import { withFaultToken } from './with-fault-token.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const childEntry = path.join(root, 'core/node/pkcs11/child.ts');
const procMissing = existsSync('/proc/self/environ') ? '' : ' SKIPPED: there is no /proc on this system';
const pin = 'canary2718';

function read(pid: number, name: 'environ' | 'cmdline'): string[] {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** Waits until a fault child has ended. */
function ended(child: number): Promise<true> {
  return until('it has ended', () => !read(child, 'cmdline').includes(faultChildEntry));
}

/** Fault children of this process, or of another. */
function faultChildren(parent: number): number[] {
  return readdirSync(`/proc/${parent}/task`)
    .flatMap((task) => readFileSync(`/proc/${parent}/task/${task}/children`, 'utf8').trim().split(' '))
    .map(Number)
    .filter((pid) => pid > 0 && read(pid, 'cmdline').includes(faultChildEntry));
}

/** Runs a program of its own that has opened a token and had it generate a key; its process and its child's. */
async function startParent(...argv: string[]) {
  const parent = spawn(process.execPath, [path.join(root, 'test/faults/fault-parent.ts'), ...argv], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => parent.stdout.once('data', resolve));
  const [child = 0, ...others] = faultChildren(parent.pid ?? 0);
  expect([child > 0, others]).toEqual([true, []]);
  return { parent, child };
}

async function exitOf(argv: readonly string[], say?: (send: (message: object) => void) => void) {
  const child = spawn(process.execPath, argv, {
    stdio: ['ignore', 'ignore', 'pipe', say === undefined ? 'ignore' : 'ipc'],
    serialization: 'advanced',
  });
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  say?.((message) => child.send(message));
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, stderr };
}

describe.skipIf(procMissing !== '')(`the PKCS#11 process, seen from outside${procMissing}`, () => {
  it('gets no environment but what it needs, and neither there nor on its command line a PIN', async () => {
    process.env['COLDROOT_TEST_CANARY'] = 'must not pass on';
    await withFaultToken({ tokens: [{ pin }] }, async ({ provider }) => {
      const token = await provider.open(faultSerial);
      await token.login(pin);
      const [child = 0] = faultChildren(process.pid);
      const environment = read(child, 'environ').filter((entry) => entry !== '');
      const names = environment.map((entry) => entry.slice(0, entry.indexOf('=')));
      expect(names).toContain('PATH');
      expect(environment).toContain('TZ=UTC');
      const allowed = ['HOME', 'LANG', 'PATH', 'TZ', 'UV_THREADPOOL_SIZE'];
      // Node's own two, by which a forked child finds its channel.
      expect(names.filter((name) => !allowed.includes(name) && !name.startsWith('NODE_CHANNEL_'))).toEqual([]);
      expect(read(child, 'cmdline').filter((entry) => entry !== '')).toEqual([process.execPath, faultChildEntry]);
      expect(JSON.stringify([environment, read(child, 'cmdline')])).not.toContain(pin);
    });
    delete process.env['COLDROOT_TEST_CANARY'];
  });

  it('finishes the key it is making when its parent is killed, and ends then', async () => {
    const { parent, child } = await startParent();
    const gone = once(parent, 'exit');
    parent.kill('SIGKILL');
    await gone;
    // A process killed in the middle of a generation can leave half a key on the token.
    expect(read(child, 'cmdline')).toContain(faultChildEntry);
    expect(await ended(child)).toBe(true);
  });

  it('ends with its parent even when the library hangs and the connection was not closed', async () => {
    const { parent, child } = await startParent('hang');
    parent.stdin.write('end\n');
    expect(await ended(child)).toBe(true);
  });
});

describe('the PKCS#11 process', () => {
  it('started by hand says what it is and ends', async () => {
    const { code, stderr } = await exitOf([childEntry]);
    expect(code).toBe(64);
    expect(stderr).toContain('PKCS#11 process of Coldroot');
  });

  it('ends at a message that is none of the protocol, without repeating it', async () => {
    const { code, stderr } = await exitOf([childEntry], (send) => send({ id: 1, kind: 'stop', body: {}, [pin]: pin }));
    expect(code).toBe(65);
    expect(stderr).toContain('ZodError');
    expect(stderr).not.toContain('canary');
  });

  const missing = softHsmMissing();
  it.skipIf(missing !== undefined)(`works bundled into one file${missing ?? ''}`, async () => {
    // Below node_modules, so that pkcs11js is found from there as it is from dist/.
    const folder = path.join(root, `node_modules/.cache/coldroot-test-${process.pid}`);
    const outfile = path.join(folder, 'pkcs11-child.js');
    const hsm = await createSoftHsm();
    await mkdir(folder, { recursive: true });
    try {
      await build({
        entryPoints: [childEntry],
        outfile,
        bundle: true,
        platform: 'node',
        format: 'esm',
        target: 'node24',
        external: ['pkcs11js'],
        logLevel: 'error',
      });
      const { serial } = await hsm.createToken('Bundled', pin);
      const modules = { softhsm: { path: hsm.module, environment: hsm.environment } };
      const provider = connectTokens(modules, { childEntry: outfile });
      const token = await provider.open(serial);
      await token.login(pin);
      const key = await token.generateKey({ algorithm: 'ec-p256', label: 'k', id: Uint8Array.of(1) });
      expect(key.algorithm).toBe('ec-p256');
      await provider.close();
    } finally {
      await hsm.remove();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
