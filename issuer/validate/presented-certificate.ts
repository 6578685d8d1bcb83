import { connect, type TLSSocket } from 'node:tls';
import { connectionFailure, tlsFailure } from './failures.ts';

export interface Presentation {
  /** Connected to exactly this. */
  readonly address: string;
  readonly port: number;
  readonly servername: string;
  readonly signal: AbortSignal;
}

/** RFC 8737 §3: offered alone, so that a server that does not know it has nothing else to choose. */
const protocol = 'acme-tls/1';
/** One address that swallows packets must leave time for the next. */
const connectMilliseconds = 4000;

function handshake({ address, port, servername, signal }: Presentation): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: address,
      port,
      servername,
      ALPNProtocols: [protocol],
      minVersion: 'TLSv1.2',
      // Nobody has signed what proves control: the challenge is in the certificate itself.
      rejectUnauthorized: false,
    });
    let connected = false;
    const fail = (message: string): void => {
      socket.destroy();
      reject(connected ? tlsFailure(message) : connectionFailure(message));
    };
    const timer = setTimeout(() => {
      if (!connected) fail(`Connecting to port ${port} failed: no answer in time.`);
    }, connectMilliseconds);
    const abort = (): void => fail(`Port ${port} gave no answer in time.`);
    signal.addEventListener('abort', abort, { once: true });
    socket.once('close', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      fail(`The connection to port ${port} broke.`);
    });
    socket.once('connect', () => (connected = true));
    socket.on('error', () =>
      fail(
        connected
          ? `The TLS handshake on port ${port} failed: the server may not speak ${protocol}.`
          : `Connecting to port ${port} failed: the connection was refused or broke.`,
      ),
    );
    socket.once('end', () => fail(`The server on port ${port} ended the TLS handshake.`));
    socket.once('secureConnect', () => resolve(socket));
    if (signal.aborted) abort();
  });
}

/** DER of the certificate that a server presents for acme-tls/1. Not a byte is sent or read beyond the handshake. */
export async function presentedCertificate(presentation: Presentation): Promise<Uint8Array> {
  const socket = await handshake(presentation);
  try {
    if (socket.alpnProtocol !== protocol) throw tlsFailure(`The server did not choose the protocol ${protocol}.`);
    const certificate = socket.getPeerX509Certificate();
    if (certificate === undefined) throw tlsFailure('The server presented no certificate.');
    return certificate.raw;
  } finally {
    socket.destroy();
  }
}
