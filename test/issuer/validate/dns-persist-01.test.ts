// draft-ietf-acme-dns-persist-02, and the plain accounturi of the drafts before it, against a name server.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fromBase64Url } from '../../../core/ports/base64.ts';
import { toHex } from '../../../core/ports/hex.ts';
import type { KeysOfAccount } from '../../../issuer/store/keys-of-account.ts';
import { dnsPersist01 } from '../../../issuer/validate/dns-persist-01.ts';
import { Dns } from '../../../issuer/validate/dns.ts';
import { hashedAccountUri } from '../../../issuer/validate/hashed-account.ts';
import type { ValidationJob, Validator } from '../../../issuer/validate/validator.ts';
import { TestDns } from '../../support/dns-server.ts';
import { validationJob } from '../../support/validation-job.ts';

const now = 1_800_000_000;
const identity = 'ca.example.internal';
const prefix = 'https://acme.example.internal/acme/main/account-hash/';
const job = validationJob({ type: 'dns-persist-01' });
const name = job.identifier_value;
const record = `_validation-persist.${name}`;
const parent = 'example.internal';
/** The key that the account has, one that it had, and one that it never had. */
const [current, former, foreign] = [1, 2, 3].map((octet) => new Uint8Array(32).fill(octet)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];

function hashed(domain: string, thumbprint: Uint8Array = current, accountUrl = job.account_url): string {
  return `accounturi=${hashedAccountUri({ prefix, domain, accountUrl, thumbprint })}`;
}
const mine = hashed(name);
const plain = `accounturi=${job.account_url}`;

let server: TestDns;
let dns: Dns;
let keys: KeysOfAccount | undefined;
/** Domains above the name whose records may stand for it: none, as in a directory without subdomains. */
let above: readonly string[] = [];

beforeAll(async () => {
  server = await TestDns.start();
  dns = new Dns({ servers: [server.server], hosts: {}, timeout: 300 });
});
afterAll(() => server.close());
beforeEach(() => {
  above = [];
  keys = { active: true, thumbprints: [toHex(current), toHex(former)] };
  server.remove(record);
  server.remove(`_validation-persist.${parent}`);
});

function validate(change: Partial<ValidationJob> = {}): ReturnType<Validator> {
  const validator = dnsPersist01({
    dns,
    clock: { now: () => now },
    identities: () => ['other-name.example.internal', identity],
    hashPrefix: () => prefix,
    above: () => above,
    keysOf: () => Promise.resolve(keys),
  });
  return validator(validationJob({ type: 'dns-persist-01', ...change }), 'unused', AbortSignal.timeout(3000));
}

function say(...texts: string[]): void {
  server.set(record, { TXT: texts.map((text) => [text]) });
}

describe('a hashed account', () => {
  it.each([
    ['example.com', '5SQm7n6tPh2-PlLbCKGnViTXX5z19SCN4cPGQHSk-kw'],
    ['*', 'NpDnSwUthQK8zCgFdefYxAdAVPnygMLbs9US6oO-5ug'],
  ])('is that of the draft for its example with %s (§10.2)', (domain, hash) => {
    const account = {
      prefix: 'https://ca.example/account-hash/',
      domain,
      accountUrl: 'https://ca.example/acct/123',
      thumbprint: fromBase64Url('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'),
    };
    expect(hashedAccountUri(account)).toBe(`https://ca.example/account-hash/sha-256/${hash}`);
  });
});

describe('dns-persist-01 succeeds with a record that', () => {
  it.each<[string, string, Partial<ValidationJob>]>([
    ['names this CA and this account, bound to the domain', `${identity}; ${mine}`, {}],
    ['names the account for every domain', `${identity}; ${hashed('*')}`, {}],
    ['names the account by a key that it had before', `${identity}; ${hashed(name, former)}`, {}],
    ['names the account by its URL, as drafts before -02 have it', `${identity}; ${plain}`, {}],
    ['names this CA by another of its names', `other-name.example.internal; ${mine}`, {}],
    ['is written in capitals, with spaces and with what nobody knows', `CA.example.internal ;\t${mine} ; x=y`, {}],
    ['has not ended yet', `${identity}; ${mine}; persistUntil=${now + 1}`, {}],
    ['ends in this second', `${identity}; ${mine}; persistUntil=${now}`, {}],
    ['ends after the end of time', `${identity}; ${mine}; persistUntil=99999999999999999999`, {}],
    ['allows wildcards, for one', `${identity}; ${mine}; policy=Wildcard`, { wildcard: true }],
    ['allows wildcards, for a domain with all below it', `${identity};${mine};policy=wildcard`, { subdomains: true }],
    ['has a policy that nobody knows, for the name itself', `${identity}; ${mine}; policy=all`, {}],
  ])('%s', async (_, text, change) => {
    say('unrelated', text);
    const [, until] = /persistUntil=(\d+)/u.exec(text) ?? [];
    await expect(validate(change)).resolves.toEqual(
      until === undefined ? {} : { until: Math.min(Number(until), 253_402_300_799) },
    );
  });

  it('stands between those of other CAs and of other accounts of this one', async () => {
    say(`other.example.internal; ${mine}`, `${identity}; ${hashed(name, foreign)}`, '=', `${identity}; ${mine}`);
    await expect(validate()).resolves.toEqual({});
  });

  it('lasts longest, where there are several', async () => {
    say(...[now + 5, now + 9, now - 1].map((end) => `${identity}; ${mine}; persistUntil=${end}`));
    await expect(validate()).resolves.toEqual({ until: now + 9 });
  });
});

describe('dns-persist-01 fails with a record that', () => {
  it.each<[string, string, string, Partial<ValidationJob>]>([
    ['names another CA', 'unauthorized', `other.example.internal; ${mine}`, {}],
    ['is for another domain', 'unauthorized', `${identity}; ${hashed(parent)}`, {}],
    ['is for a key that the account never had', 'unauthorized', `${identity}; ${hashed(name, foreign)}`, {}],
    [
      'is for another account with the same key',
      'unauthorized',
      `${identity}; ${hashed(name, current, `${job.account_url}x`)}`,
      {},
    ],
    ['names another account by its URL', 'unauthorized', `${identity}; ${plain}x`, {}],
    ['has ended', 'unauthorized', `${identity}; ${mine}; persistUntil=${now - 1}`, {}],
    ['does not allow wildcards, for one', 'unauthorized', `${identity}; ${mine}`, { wildcard: true }],
    ['has another policy, for a wildcard', 'unauthorized', `${identity}; ${mine}; policy=all`, { wildcard: true }],
    [
      'does not allow what is below, for a domain with it',
      'unauthorized',
      `${identity}; ${mine}`,
      { subdomains: true },
    ],
    ['names no account', 'malformed', identity, {}],
    ['names two accounts', 'malformed', `${identity}; ${mine}; ${plain}`, {}],
    ['ends at no time', 'malformed', `${identity}; ${mine}; persistUntil=soon`, {}],
    ['ends at a fraction', 'malformed', `${identity}; ${mine}; persistUntil=${now + 1}.5`, {}],
    ['ends before 1970', 'malformed', `${identity}; ${mine}; persistUntil=-1`, {}],
    ['is hashed otherwise', 'malformed', `${identity}; ${mine.replace('/sha-256/', '/sha-512/')}`, {}],
    ['is hashed with too few characters', 'malformed', `${identity}; ${mine.slice(0, -1)}`, {}],
    ['is below no prefix of ours', 'malformed', `${identity}; ${mine.replace('acme.example', 'acme2.example')}`, {}],
    ['is malformed', 'malformed', `${identity}; ${mine}; =`, {}],
  ])('%s: %s', async (_, type, text, change) => {
    say(text);
    await expect(validate(change)).rejects.toMatchObject({ type });
  });

  it('is right, for an account that has been deactivated, and for one that is gone', async () => {
    say(`${identity}; ${mine}`, `${identity}; ${plain}`);
    keys = { active: false, thumbprints: [toHex(current)] };
    await expect(validate()).rejects.toMatchObject({ type: 'unauthorized' });
    keys = undefined;
    await expect(validate()).rejects.toMatchObject({ type: 'unauthorized' });
  });

  it('was likely meant, and says what is wrong with that one', async () => {
    say('something else entirely', `${identity}; ${mine}; persistUntil=${now - 1}`, 'v=spf1 -all');
    await expect(validate()).rejects.toMatchObject({ message: expect.stringMatching(/it has ended.*2 others/u) });
  });

  it('is not there: a dns problem, as of any name without records', async () => {
    await expect(validate()).rejects.toMatchObject({ type: 'dns' });
  });
});

describe('where domains above a name may stand for it, dns-persist-01', () => {
  beforeEach(() => {
    above = [parent];
  });
  const place = `_validation-persist.${parent}`;

  it.each<[string, string, Partial<ValidationJob>]>([
    ['the name', `${identity}; ${hashed(parent)}; policy=wildcard`, {}],
    ['the name, written plainly', `${identity}; ${plain}; policy=wildcard`, {}],
    ['a wildcard', `${identity}; ${hashed(parent)}; policy=WILDCARD`, { wildcard: true }],
  ])('succeeds for %s with a record above it that says policy=wildcard', async (_, text, change) => {
    server.set(place, { TXT: [[text]] });
    await expect(validate(change)).resolves.toEqual({});
    say('unrelated, too');
    await expect(validate(change)).resolves.toEqual({});
  });

  it.each([
    ['has no policy', `${identity}; ${hashed(parent)}`],
    ['names another account', `${identity}; ${hashed(parent, foreign)}; policy=wildcard`],
    ['is bound to the name below, where it does not stand', `${identity}; ${hashed(name)}; policy=wildcard`],
  ])('fails with a record above it that %s', async (_, text) => {
    server.set(place, { TXT: [[text]] });
    await expect(validate()).rejects.toMatchObject({ type: 'unauthorized' });
  });

  it('says that there is none where neither has one', async () => {
    await expect(validate()).rejects.toMatchObject({ type: 'dns' });
  });

  it('looks there in no directory without subdomains', async () => {
    above = [];
    server.set(place, { TXT: [[`${identity}; ${hashed(parent)}; policy=wildcard`]] });
    say('unrelated');
    await expect(validate()).rejects.toMatchObject({ type: 'unauthorized' });
  });
});
