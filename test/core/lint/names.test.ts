import { domainToASCII } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dnsExcludedBy, dnsPermitted, ipExcludedBy, ipPermitted } from '../../../core/lint/constraints.ts';
import { isCountryCode } from '../../../core/lint/countries.ts';
import { isLdhName, withoutWildcard } from '../../../core/lint/dns-name.ts';
import { isHttp } from '../../../core/lint/locations.ts';
import { decodePunycode } from '../../../core/lint/punycode.ts';
import { parseIpAddress, parseIpRange } from '../../../core/x509/ip-address.ts';

describe('country codes (ISO 3166-1 alpha-2)', () => {
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
  const all = letters.flatMap((first) => letters.map((second) => `${first}${second}`));

  it('are the 249 that are assigned, each of which ICU has a name for, and XX', () => {
    const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
    const codes = all.filter(isCountryCode);
    expect(codes).toHaveLength(250);
    expect(codes.filter((code) => names.of(code) === undefined)).toEqual(['XX']);
  });

  it.each(['UK', 'EU', 'EL', 'SU', 'ZZ', 'us', 'USA', ''])('"%s" is none', (text) => {
    expect(isCountryCode(text)).toBe(false);
  });
});

describe('DNS name constraints (RFC 5280 §4.2.1.10)', () => {
  it.each([
    ['example.com', ['example.com'], true],
    ['www.example.com', ['example.com'], true],
    ['WWW.Example.Com', ['example.com'], true],
    ['wwwexample.com', ['example.com'], false],
    ['example.com', ['www.example.com'], false],
    ['example.com.evil.org', ['example.com'], false],
    ['*.example.com', ['example.com'], true],
    ['*.example.com', ['www.example.com'], false],
    ['*.com', ['example.com'], false],
    ['www.example.org', ['example.com', 'example.org'], true],
    ['www.example.com', ['.example.com'], false],
    ['anything.at.all', [''], true],
    ['anything.at.all', [], true],
  ] as const)('%s under %j is permitted: %s', (name, permitted, verdict) => {
    expect(dnsPermitted(name, permitted)).toBe(verdict);
  });

  it.each([
    ['secret.example.com', ['secret.example.com'], 'secret.example.com'],
    ['a.secret.example.com', ['secret.example.com'], 'secret.example.com'],
    ['A.SECRET.example.com', ['secret.example.com'], 'secret.example.com'],
    ['www.example.com', ['secret.example.com'], undefined],
    ['*.example.com', ['secret.example.com'], 'secret.example.com'],
    ['*.example.com', ['a.secret.example.com'], undefined],
    ['*.example.com', ['example.com'], 'example.com'],
    ['*.a.example.com', ['secret.example.com'], undefined],
    ['www.example.com', ['.example.com'], '.example.com'],
    ['www.example.com', [''], ''],
    ['www.example.com', [], undefined],
  ] as const)('%s is excluded from %j by %j', (name, excluded, by) => {
    expect(dnsExcludedBy(name, excluded)).toBe(by);
  });
});

describe('IP address constraints (RFC 5280 §4.2.1.10)', () => {
  const address = (text: string): Uint8Array => parseIpAddress(text) ?? new Uint8Array();

  it.each([
    ['10.1.2.3', ['10.0.0.0/8'], true],
    ['11.1.2.3', ['10.0.0.0/8'], false],
    ['2001:db8::1', ['10.0.0.0/8'], false],
    ['2001:db8::1', ['10.0.0.0/8', '2001:db8::/32'], true],
    ['::ffff:10.1.2.3', ['10.0.0.0/8'], false],
    ['192.0.2.1', ['0.0.0.0/0'], true],
    ['192.0.2.1', [], true],
  ] as const)('%s under %j is permitted: %s', (text, ranges, verdict) => {
    expect(ipPermitted(address(text), ranges.map(parseIpRange))).toBe(verdict);
  });

  it('an address in an excluded range is excluded by it, one of the other family is not', () => {
    const ranges = ['10.1.0.0/16', '::/0'].map(parseIpRange);
    expect(ipExcludedBy(address('10.1.255.255'), ranges)).toBe(ranges[0]);
    expect(ipExcludedBy(address('2001:db8::1'), ranges)).toBe(ranges[1]);
    expect(ipExcludedBy(address('10.2.0.0'), ranges)).toBeUndefined();
  });
});

describe('DNS names', () => {
  it.each(['a', 'example.com', '0.example', 'xn--bcher-kva.example', 'a-b.c-d'])('%s is LDH', (name) => {
    expect(isLdhName(name)).toBe(true);
  });

  it.each(['', '.', 'a.', '.a', 'a..b', '-a', 'a-', 'A', 'a_b', 'a b', 'bücher', '*.a', 'a\n', 'a\0'])(
    '%j is not',
    (name) => {
      expect(isLdhName(name)).toBe(false);
    },
  );

  it('only a whole leftmost label is a wildcard', () => {
    expect(['*.a.b', '**.a', 'a*.b', 'a.*.b', '*'].map(withoutWildcard)).toEqual(['a.b', '**.a', 'a*.b', 'a.*.b', '*']);
  });
});

describe('Punycode (RFC 3492)', () => {
  it.each([
    ['bcher-kva', 'bücher'],
    ['mnchen-3ya', 'münchen'],
    ['ihqwcrb4cv8a8dqg056pqjye', '他们为什么不说中文'],
    ['b1abfaaepdrnnbgefbadotcwatmq2g4l', 'почемужеонинеговорятпорусски'],
    ['2-u9tlzr9756bt3uc0v', 'ひとつ屋根の下2'],
  ])('%s is %s', (encoded, text) => {
    expect(domainToASCII(text)).toBe(`xn--${encoded}`);
    expect(decodePunycode(encoded)).toBe(text);
  });

  it('decodes whatever another implementation encodes', () => {
    const letter = fc.constantFrom('a', 'b', 'z', '0', '9', '-', 'ü', 'ß', 'ж', '中', '\u{1f600}');
    const label = fc.array(letter, { minLength: 1, maxLength: 20 }).map((letters) => `${letters.join('')}é`);
    fc.assert(
      fc.property(label, (text) => {
        expect(decodePunycode(domainToASCII(text).slice(4))).toBe(text);
      }),
    );
  });

  it.each(['999999999', '-abc', 'a-!', 'bcher-kv', 'BCHER-KVA', 'zzzzzzzzzzzz'])('%s is no Punycode', (text) => {
    expect(decodePunycode(text)).toBeUndefined();
  });

  it('ends on any input of any length a label may have', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 63 }), (text) => {
        const decoded = decodePunycode(text);
        expect(decoded === undefined || decoded.isWellFormed() || !text.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('http URLs', () => {
  it.each(['http://pki.example.com/r1.crl', 'http://[2001:db8::1]/', 'http://192.0.2.1:8080/a?b=c'])('%s', (url) => {
    expect(isHttp(url)).toBe(true);
  });

  it.each([
    'https://pki.example.com/',
    'HTTP://pki.example.com/',
    'ldap://pki.example.com/',
    'http:/pki.example.com/',
    'http:\\\\pki.example.com',
    'http://pki.example.com\\a',
    'http://user@pki.example.com/',
    'http://pki.example.com/#part',
    'http://pki.example.com/ a',
    'http://',
    '/r1.crl',
    '',
  ])('not %j', (url) => {
    expect(isHttp(url)).toBe(false);
  });
});
