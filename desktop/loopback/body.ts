import type { IncomingMessage } from 'node:http';

/** A request's body, or undefined as soon as it is longer than allowed. What was read of it by then is wiped. */
export async function readBody(request: IncomingMessage, maximumBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maximumBytes) break;
  }
  const whole = Buffer.concat(chunks);
  for (const chunk of chunks) chunk.fill(0);
  if (length <= maximumBytes) return whole;
  whole.fill(0);
  return undefined;
}
