import { fromUtf8 } from '../ports/bytes.ts';
import { CodedError } from '../ports/coded-error.ts';
import { fileMedia } from './media.ts';

/** Longest text file a person writes for this program. */
const maximumBytes = 1_000_000;

/** A UTF-8 text file, bounded and not a link; `file-not-text` when its bytes are not UTF-8. */
export async function readTextFile(file: string): Promise<string> {
  const text = fromUtf8(await fileMedia.read(file, maximumBytes));
  if (text !== undefined && !text.startsWith('\uFEFF')) return text;
  throw new CodedError({
    code: 'file-not-text',
    message: `${file} is not UTF-8 text without a byte order mark.`,
    remedy: 'Save it again as plain UTF-8.',
    where: { file },
  });
}
