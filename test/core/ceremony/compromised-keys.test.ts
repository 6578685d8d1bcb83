import { describe, expect, it } from 'vitest';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { fromBase64 } from '../../../core/ports/base64.ts';
import { utf8 } from '../../../core/ports/bytes.ts';
import { chooseSignature } from '../../../core/x509/algorithms.ts';
import { assembleSigned } from '../../../core/x509/certificate.ts';
import { encodeCsrInfo } from '../../../core/x509/csr.ts';
import { encodeName } from '../../../core/x509/name.ts';
import { toPem } from '../../../core/x509/pem.ts';
import { sha256 } from '../../support/hierarchy.ts';
import { rootPlan } from '../../support/memory/recording.ts';
import { MemoryRoom } from '../../support/memory/room.ts';
import { readShipped } from '../../support/ready-plans.ts';

const intermediate = readShipped('intermediate').text;
const withCsr = (name: string): string =>
  intermediate
    .replace(/ {2}- \{ do: generate-key, token: issuing[^\n]*\n/u, '')
    .replace('subject-key: issuing-i1', `csr: ${name}`)
    .replaceAll(/^ {2}issuing: .*\n| {2}- .*token: issuing.*\n/gmu, '');

/** A hierarchy whose issuing CA was revoked for this reason, and its root's next ceremonies. */
class Hierarchy {
  readonly room = new MemoryRoom();
  #root = '';

  static async revoked(reason: string): Promise<Hierarchy> {
    const own = new Hierarchy();
    const first = await own.#hold(rootPlan);
    own.#root = sha256(fromBase64(first.state.certificates['root-r1']?.der ?? ''));
    own.room.continueFrom(first, own.#root);
    own.#goOn(await own.#hold(intermediate));
    await own.next(
      readShipped('revoke-intermediate').text.replace('reason: cessationOfOperation', `reason: ${reason}`),
    );
    return own;
  }

  /** Holds one more ceremony. */
  async next(plan: string): Promise<Ceremony> {
    const ceremony = await this.#hold(plan);
    this.#goOn(ceremony);
    return ceremony;
  }

  /** What a preflight says to a request for the key of the CA that was revoked, under another name. */
  async refusals(): Promise<readonly string[]> {
    const { key } = this.room.issuing.keys.find(({ label }) => label === 'issuing-i1') ?? {};
    if (key === undefined) throw new Error('the key is gone');
    const info = encodeCsrInfo({ subject: encodeName({ C: 'US', CN: 'x' }), spki: key.spki, extensions: [] });
    const algorithm = chooseSignature('ec-p256');
    const csr = assembleSigned(info, algorithm, await key.sign(algorithm, info));
    this.room.media.files.set('/in/csr.pem', utf8(toPem('CERTIFICATE REQUEST', csr)));
    this.room.setting = { ...this.room.setting, files: { 'issuing-i7': '/in/csr.pem' } };
    return this.room.refusals(withCsr('issuing-i7'));
  }

  async #hold(plan: string): Promise<Ceremony> {
    const ceremony = await this.room.begin(plan);
    const end = await this.room.play(ceremony);
    if (end.kind !== 'finished') throw new Error(JSON.stringify(end));
    return ceremony;
  }

  #goOn(ceremony: Ceremony): void {
    this.room.continueFrom(ceremony, this.#root);
    this.room.setting = { ...this.room.setting, tokens: { root: 'pkcs11:serial=00000000000000r1' } };
  }
}

describe('a key that was revoked as compromised', () => {
  it('is certified no more, in whichever later ceremony and under whichever name somebody asks for it', async () => {
    const hierarchy = await Hierarchy.revoked('keyCompromise');
    expect(await hierarchy.refusals()).toEqual(['key-compromised']);
    const { state } = await hierarchy.next(readShipped('root-crl').text);
    expect(state.compromised).toHaveLength(1);
    expect(await hierarchy.refusals()).toEqual(['key-compromised']);
  });

  it('is told from one whose certificate was given up for another reason, which may have another', async () => {
    expect(await (await Hierarchy.revoked('superseded')).refusals()).toEqual([]);
  });
});
