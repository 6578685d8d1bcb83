import { describe, expect, it } from 'vitest';
import { readAdminToken } from '../../../issuer/ops/admin-token.ts';
import { testFolder } from '../../support/folder.ts';

const folder = testFolder();

function tokenFile(text: string): string {
  return folder.write('admin-token', text, 0o600);
}

describe('the operators’ token', () => {
  it('is taken when nobody could find it by trying', () => {
    expect(readAdminToken(tokenFile(`${'aB3/'.repeat(11)}\n`))).toBe('aB3/'.repeat(11));
  });

  it.each([
    ['31 characters', 'x'.repeat(31)],
    ['a space', `${'x'.repeat(32)} y`],
    ['a letter that no header carries', `${'x'.repeat(32)}é`],
    ['more than a header should hold', 'x'.repeat(513)],
  ])('is refused with %s, and is not in the error', (_, token) => {
    expect(() => readAdminToken(tokenFile(token))).toThrow(expect.objectContaining({ code: 'admin-token-weak' }));
    expect(() => readAdminToken(tokenFile(token))).not.toThrow(
      expect.objectContaining({ message: expect.stringContaining('xxxx') }),
    );
  });
});
