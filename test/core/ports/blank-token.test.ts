import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBlankName, isBlankName, matchesBlank, parseBlankName } from '../../../core/ports/blank-token.ts';
import { isCoded } from '../../../core/ports/coded-error.ts';

const device = fc.record({
  serial: fc.string({ maxLength: 16, unit: 'grapheme-ascii' }),
  model: fc.string({ maxLength: 16, unit: 'grapheme-ascii' }),
  manufacturer: fc.string({ maxLength: 32, unit: 'grapheme-ascii' }),
});

function codeOf(text: string): string {
  try {
    parseBlankName(text);
  } catch (error) {
    if (isCoded(error)) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('the name of a blank token', () => {
  it('of every device fits that device, and none that differs in what it says', () => {
    fc.assert(
      fc.property(device, device, (one, other) => {
        const name = formatBlankName(one);
        expect(isBlankName(name)).toBe(true);
        expect(matchesBlank(parseBlankName(name), one)).toBe(true);
        const differs = (['serial', 'model', 'manufacturer'] as const).some(
          (field) => one[field] !== '' && one[field] !== other[field],
        );
        expect(matchesBlank(parseBlankName(name), other)).toBe(!differs);
      }),
    );
  });

  it('alone fits every blank token', () => {
    expect(matchesBlank(parseBlankName('blank:'), { serial: 'S1', model: 'M', manufacturer: 'F' })).toBe(true);
    expect([isBlankName('pkcs11:serial=1'), isBlankName('blank')]).toEqual([false, false]);
  });

  it('may say after which other one it is blank, which no device shows', () => {
    const name = parseBlankName('blank:model=M;after=root');
    expect(name).toEqual({ model: 'M', after: 'root' });
    expect(matchesBlank(name, { serial: '', model: 'M', manufacturer: 'F' })).toBe(true);
    expect(matchesBlank(name, { serial: '', model: 'N', manufacturer: 'F' })).toBe(false);
  });

  it.each([
    ['blank:slot-id=1', 'pkcs11-uri-slot'],
    ['blank:pin-value=1234', 'pkcs11-uri-pin'],
    ['blank:token=root', 'blank-token-label'],
    ['blank:serial', 'pkcs11-uri-malformed'],
    ['blank:serial=1;serial=1', 'pkcs11-uri-attribute-repeated'],
    ['blank:colour=red', 'pkcs11-uri-attribute-unknown'],
    ['blank:after=root;after=root', 'pkcs11-uri-malformed'],
    ['blank:model=SoftHSM%20v2', 'accepted'],
    ['blank:after=root', 'accepted'],
    ['blank:model=SoftHSM%20v2;after=root', 'accepted'],
  ])('%s: %s', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });
});
