// Several processes at one port: `workers` in the configuration.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AcmeTestClient } from '../support/acme.ts';
import { obtain } from '../support/flows.ts';
import { TestIssuer } from '../support/issuer.ts';
import { softHsmMissing } from '../support/softhsm.ts';
import { until } from '../support/until.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: workers: ${missing}`);

describe.skipIf(missing !== undefined)('an issuer of several workers', () => {
  let issuer: TestIssuer;
  let client: AcmeTestClient;

  beforeAll(async () => {
    issuer = await TestIssuer.create({ change: { workers: 2, database: { connections: 4 } } });
    await issuer.start();
    client = issuer.client({ sockets: 4 });
    await client.register();
  });
  afterAll(() => issuer.remove());

  /** The processes of the workers: children of the one we started that serve, too. */
  function workers(): number[] {
    const { pid } = issuer.process;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
    return children.filter((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('serve'));
  }

  const replaced = (): number => issuer.process.lines.filter(({ msg }) => msg === 'all workers are replaced').length;

  it('answers at one port and adds up the numbers of all', async () => {
    expect(workers()).toHaveLength(2);
    await Promise.all([1, 2, 3].map((n) => obtain(issuer, client, [`w${n}.example.internal`])));
    const text = await (await fetch(`http://127.0.0.1:${issuer.ports.metrics}/metrics`)).text();
    expect(text).toMatch(/^coldroot_certificates_total 3$/mu);
    expect(text).toMatch(/^coldroot_stage_seconds_count\{stage="sign"\} \d+$/mu);
    expect(text).toMatch(
      /^coldroot_request_seconds_bucket\{route="\/acme\/:directory\/new-order",status="201",le="\+Inf"\} \d+$/mu,
    );
  });

  it('replaces one that is killed', async () => {
    const [victim = 0] = workers();
    process.kill(victim, 'SIGKILL');
    await issuer.process.waitForLine('a worker ended unbidden and is replaced');
    await until('another takes its place', () => workers().length === 2 && !workers().includes(victim));
    const next = issuer.client({ key: client.key });
    next.kid = client.kid;
    client = next;
    expect((await obtain(issuer, client, ['after-kill.example.internal'])).chain).toContain('BEGIN CERTIFICATE');
  });

  it('replaces all on SIGHUP, and no order fails meanwhile', async () => {
    const before = workers();
    issuer.process.signal('SIGHUP');
    let made = 0;
    for (; replaced() === 0 || made < 2; made += 1) await obtain(issuer, client, [`roll${made}.example.internal`]);
    expect(workers().filter((pid) => before.includes(pid))).toEqual([]);
    expect(workers()).toHaveLength(2);
  });

  it('says what is wrong once, and ends with the status of its worker', async () => {
    issuer.configure({
      listen: { port: issuer.ports.http01 },
      metrics: undefined,
      pkcs11: { token: 'no-such-serial' },
    });
    const { code, stderr } = await issuer.run('serve', '--config', issuer.configFile);
    issuer.configure();
    expect(code).toBe(3);
    expect(stderr.match(/\[token-/gu)).toHaveLength(1);
  });
});
