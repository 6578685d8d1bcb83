import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDnsIdentifier } from '../../../issuer/acme/identifiers/dns-identifier.ts';
import { policyFaults } from '../../../issuer/acme/identifiers/name-policy.ts';
import { normalIdentifier, parseIdentifiers } from '../../../issuer/acme/identifiers/parse-identifier.ts';
import { parseIpRange } from '../../../core/x509/ip-address.ts';

const dns = (value: string): { type: string; value: string } => ({ type: 'dns', value });
const ip = (value: string): { type: string; value: string } => ({ type: 'ip', value });

describe('a DNS identifier', () => {
  it.each([
    ['example.internal', 'example.internal'],
    ['WWW.Example.INTERNAL', 'www.example.internal'],
    ['*.example.internal', '*.example.internal'],
    ['xn--bcher-kva.example.internal', 'xn--bcher-kva.example.internal'],
    ['localhost', 'localhost'],
    ['a'.repeat(63), 'a'.repeat(63)],
    ['1.example.internal', '1.example.internal'],
  ])('%s is accepted as %s', (asked, stored) => {
    expect(parseDnsIdentifier(asked)).toEqual({ identifier: { type: 'dns', value: stored } });
  });

  it.each([
    ['bücher.example.internal', /A-labels/u],
    ['', /empty/u],
    ['*.', /empty/u],
    ['example.internal.', /ends with a dot/u],
    ['.example.internal', /labels are/u],
    ['a..b', /labels are/u],
    ['-a.example.internal', /labels are/u],
    ['a_b.example.internal', /labels are/u],
    ['a b', /labels are/u],
    ['*', /wildcard/u],
    ['*.*.example.internal', /wildcard/u],
    ['a.*.example.internal', /wildcard/u],
    ['a*.example.internal', /wildcard/u],
    ['192.0.2.1', /IP address/u],
    ['example.1', /IP address/u],
    ['a'.repeat(64), /63/u],
    [`${'a.'.repeat(126)}aaaa`, /253/u],
    ['xn--99999999.example.internal', /A-label/u],
    ['ab--c.example.internal', /A-label/u],
  ])('%s is refused and told why', (asked, why) => {
    expect(parseDnsIdentifier(asked)).toEqual({ fault: expect.stringMatching(why) });
  });

  it('is either refused or stored in a form that parses to itself', () => {
    const asked = fc.oneof(fc.domain(), fc.string({ maxLength: 40 }));
    const settles = (text: string): boolean => {
      const parsed = parseDnsIdentifier(text);
      if ('fault' in parsed) return parsed.fault !== '';
      const again = parseDnsIdentifier(parsed.identifier.value);
      return 'identifier' in again && again.identifier.value === parsed.identifier.value;
    };
    expect(fc.check(fc.property(asked, settles))).toMatchObject({ failed: false });
  });
});

describe('the identifiers of an order', () => {
  it('are normalised and kept in order', () => {
    expect(parseIdentifiers([dns('B.internal'), ip('2001:DB8:0::1'), dns('a.internal')])).toEqual([
      { type: 'dns', value: 'b.internal' },
      { type: 'ip', value: '2001:db8::1' },
      { type: 'dns', value: 'a.internal' },
    ]);
  });

  it('may not hold one twice, however it is spelt', () => {
    expect(() => parseIdentifiers([dns('a.internal'), dns('A.INTERNAL')])).toThrow(
      expect.objectContaining({ type: 'malformed' }),
    );
  });

  it('are refused together, each with a subproblem of its own', () => {
    const asked = [dns('a..b'), { type: 'email', value: 'a@b' }, ip('300.1.1.1'), dns('fine.internal')];
    const subproblems = [
      expect.objectContaining({ type: 'rejectedIdentifier', identifier: { type: 'dns', value: 'a..b' } }),
      expect.objectContaining({ type: 'unsupportedIdentifier', identifier: { type: 'email', value: 'a@b' } }),
      expect.objectContaining({ type: 'rejectedIdentifier', identifier: { type: 'ip', value: '300.1.1.1' } }),
    ];
    expect(() => parseIdentifiers(asked)).toThrow(
      expect.objectContaining({ type: 'compound', options: { subproblems } }),
    );
  });
});

describe('an identifier that is counted', () => {
  it.each(['2001:db8::1', '2001:DB8:0:0:0:0:0:1', '2001:0db8::0.0.0.1'])(
    'is the same however it is spelled: %s',
    (value) => {
      expect(normalIdentifier(ip(value))).toEqual({ type: 'ip', value: '2001:db8::1' });
    },
  );

  it.each([ip('2001:db8::1%lo'), dns('a\u0000'), dns(''), { type: 'email', value: 'a@b' }])(
    'is none of %j',
    (asked) => {
      expect(normalIdentifier(asked)).toBeUndefined();
    },
  );
});

describe('what a directory allows', () => {
  const allow = { dns: ['example.internal', 'other.internal'], wildcards: false, ip: ['10.0.0.0/8'] };
  const constraints = {
    permittedDns: ['example.internal'],
    excludedDns: ['secret.example.internal'],
    permittedIp: [parseIpRange('10.1.0.0/16')],
    excludedIp: [parseIpRange('10.1.2.0/24')],
  };

  function refused(asked: { type: string; value: string }[], wildcards = false): string[] {
    const policy = { allow: { ...allow, wildcards }, constraints };
    return policyFaults(parseIdentifiers(asked), policy).map(({ identifier }) => identifier.value);
  }

  it('is a name in the list or below it, inside the name constraints of the CA', () => {
    expect(refused([dns('example.internal'), dns('deep.down.example.internal'), ip('10.1.3.4')])).toEqual([]);
  });

  it('is nothing else', () => {
    const asked = [
      dns('badexample.internal'),
      dns('internal'),
      dns('example.com'),
      dns('a.other.internal'),
      dns('secret.example.internal'),
      dns('very.secret.example.internal'),
      ip('10.2.0.1'),
      ip('10.1.2.3'),
      ip('192.0.2.1'),
      ip('::1'),
    ];
    expect(refused(asked)).toEqual(asked.map(({ value }) => value));
  });

  it('are wildcards where it says so, and then not those that stand for an excluded name', () => {
    expect(refused([dns('*.example.internal')])).toEqual(['*.example.internal']);
    expect(refused([dns('*.sub.example.internal')], true)).toEqual([]);
    expect(refused([dns('*.example.internal')], true)).toEqual(['*.example.internal']);
  });
});
