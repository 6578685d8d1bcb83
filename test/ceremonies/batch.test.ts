import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedAnswer } from '../../core/ceremony/answers.ts';
import type { CeremonyPorts } from '../../core/ceremony/ports.ts';
import { preflight } from '../../core/ceremony/preflight.ts';
import { Ceremony } from '../../core/ceremony/run.ts';
import { connectTokens } from '../../core/node/pkcs11/connect.ts';
import { secondOpinions } from '../../core/node/second-opinion/opinions.ts';
import { formatRefusal } from '../../core/ports/coded-error.ts';
import { memoryAnswers, memoryPins, MemoryRoom } from '../support/memory/room.ts';
import { createSoftHsm, type SoftHsm } from '../support/softhsm.ts';

const issuing = [1, 2, 3, 4, 5, 6, 7] as const;
const crossed = [1, 2, 3, 4] as const;

function subject(name: string): string {
  return `subject: { C: US, O: Example Corp, CN: Example Corp ${name} }`;
}

function ca(name: string, algorithm: string, crl: string, pathLen: number): string {
  return `{ type: intermediate, ${subject(name)}, key: ${algorithm}, valid: { for: 5y }, pathLen: ${pathLen}, eku: [serverAuth], crl: "http://pki.example.internal/${crl}.crl" }`;
}

/** The load of the busiest public ceremony: ten keys, ten certificates, five cross-certificates in one sitting. */
const plan = `coldroot: 1
title: Example Corp, twenty-five acts in a day
hierarchy: example-corp
roles: { administrator: 1, officer: { of: 3, quorum: 2 }, witness: 1 }
tokens: { root: { for: the root keys }, issuing: { for: the issuing keys } }
profiles:
  root-1: { type: root, ${subject('Root R1')}, key: ec-p384, valid: { for: 20y } }
  root-2: { type: root, ${subject('Root R2')}, key: ec-p384, valid: { for: 20y } }
  signer: { type: bundle-signer, ${subject('Bundle Signer B1')}, key: ec-p256, valid: { for: 5y } }
  root-2-by-1: ${ca('Root R2', 'ec-p384', 'root-r1', 1)}
${issuing.map((n) => `  issuing-${n}: ${ca(`Issuing I${n}`, 'ec-p256', 'root-r1', 0)}`).join('\n')}
${crossed.map((n) => `  issuing-${n}-by-2: ${ca(`Issuing I${n}`, 'ec-p256', 'root-r2', 0)}`).join('\n')}
acts:
  - { do: attend }
  - { do: check-room }
  - { do: open-token, token: root }
  - { do: open-token, token: issuing }
  - { do: generate-key, token: root, key: root-r1 }
  - { do: generate-key, token: root, key: root-r2 }
  - { do: generate-key, token: root, key: bundle-signer-b1 }
${issuing.map((n) => `  - { do: generate-key, token: issuing, key: issuing-i${n} }`).join('\n')}
  - { do: issue-root, profile: root-1, key: root-r1 }
  - { do: issue-root, profile: root-2, key: root-r2 }
  - { do: issue-bundle-signer, profile: signer, issuer: root-r1, subject-key: bundle-signer-b1 }
${issuing.map((n) => `  - { do: issue-intermediate, profile: issuing-${n}, issuer: root-r1, subject-key: issuing-i${n} }`).join('\n')}
  - { do: cross-certify, name: root-r2-by-r1, profile: root-2-by-1, issuer: root-r1, certificate: root-r2 }
${crossed.map((n) => `  - { do: cross-certify, name: issuing-i${n}-by-r2, profile: issuing-${n}-by-2, issuer: root-r2, certificate: issuing-i${n} }`).join('\n')}
  - { do: issue-crl, issuer: root-r1 }
  - { do: issue-crl, issuer: root-r2 }
  - { do: inventory, token: root }
  - { do: inventory, token: issuing }
  - { do: export-bundle }
`;
const load: ReadonlySet<string> = new Set([
  'generate-key',
  'issue-root',
  'issue-bundle-signer',
  'issue-intermediate',
  'cross-certify',
]);

describe('a plan of twenty-five acts on real tokens', () => {
  let hsm: SoftHsm;
  let ports: CeremonyPorts;
  let room: MemoryRoom;
  let close: () => Promise<void>;

  beforeAll(async () => {
    hsm = await createSoftHsm();
    const root = await hsm.createToken('root', memoryPins.root);
    const other = await hsm.createToken('issuing', memoryPins.issuing);
    const tokens = connectTokens({ softhsm: { path: hsm.module, environment: hsm.environment } });
    close = () => tokens.close();
    room = new MemoryRoom();
    ports = { ...room.ports, tokens, opinions: secondOpinions() };
    room.setting = {
      ...room.setting,
      tokens: { root: `pkcs11:serial=${root.serial}`, issuing: `pkcs11:serial=${other.serial}` },
    };
  });
  afterAll(async () => {
    await close();
    await hsm.remove();
  });

  it('asks every question once and each PIN once, and ends with one bundle', async () => {
    const { setting, journal: store } = room;
    const checked = await preflight({ planText: plan, planFile: 'plan.yaml', setting, rehearsal: false }, ports);
    if (!checked.ok) throw new Error(JSON.stringify(checked.refusals));
    const ceremony = await Ceremony.begin({ ports, setting, store }, checked);
    const asked: string[] = [];
    const times: number[] = [];
    const answers = memoryAnswers();
    for (;;) {
      const [begun, from] = [performance.now(), ceremony.state.index];
      const next = await ceremony.advance();
      // What an act took before it asked or ended; where several were done without a word, the first has it all.
      times[from] = (times[from] ?? 0) + performance.now() - begun;
      if (next.kind !== 'ask') break;
      const { prompt } = next;
      asked.push(`${ceremony.state.index} ${prompt.id}`);
      const refusal =
        prompt.kind === 'secret'
          ? await ceremony.secret(prompt.id, prompt.token === 'root' ? memoryPins.root : memoryPins.issuing)
          : await ceremony.answer(prompt.id, scriptedAnswer(prompt, answers, undefined));
      if (refusal !== undefined) throw new Error(formatRefusal(refusal));
    }
    expect(ceremony.state).toMatchObject({ status: 'finished' });
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked.filter((one) => one.includes('pin'))).toHaveLength(2);
    const { acts } = ceremony.state.beginning.plan;
    const rows = acts.flatMap(({ do: name }, index) => (load.has(name) ? [[name, times[index] ?? 0] as const] : []));
    expect(rows).toHaveLength(25);
    expect(Object.keys(ceremony.state.certificates)).toHaveLength(15);
    const total = times.reduce((sum, time) => sum + time, 0);
    const lines = rows.map(([name, time]) => `${name.padEnd(20)} ${time.toFixed(0).padStart(6)} ms`);
    console.log([...lines, `${'all acts'.padEnd(20)} ${total.toFixed(0).padStart(6)} ms`].join('\n'));
  }, 600_000);
});
