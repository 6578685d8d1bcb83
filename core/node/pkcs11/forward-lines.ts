import type { Readable } from 'node:stream';

const maximumLineLength = 500;

/** Hands on what a stream says, line by line; a longer line is cut. */
export function forwardLines(stream: Readable, emit: (line: string) => void): void {
  let held = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (held + chunk).split('\n');
    held = (lines.pop() ?? '').slice(0, maximumLineLength);
    for (const line of lines) emit(line.slice(0, maximumLineLength));
  });
  stream.on('end', () => {
    if (held !== '') emit(held);
  });
}
