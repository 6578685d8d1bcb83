import { fromUtf8 } from '../ports/bytes.ts';
import { readPem } from '../x509/pem.ts';
import type { ActPorts } from './act.ts';

/** The DER in a file the binding names, which may be PEM: hostile input, so bounded. What it is, its reader judges. */
export async function derOfFile(name: string, maximumBytes: number, ports: ActPorts): Promise<Uint8Array> {
  // PEM is a third longer than what it holds, and may have a few lines of text above it.
  const bytes = await ports.media.read(ports.file(name), maximumBytes * 2);
  const text = fromUtf8(bytes);
  const der = text?.includes('-----BEGIN ') === true ? readPem(text, 1)[0]?.bytes : bytes;
  return der ?? new Uint8Array();
}
