import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createSecureContext, createServer, type Server } from 'node:tls';

/**
 * Answers tls-alpn-01 for clients that make the certificates and leave the answering to a server: for each name it presents
 * what lies in a folder as NAME.crt.pem and NAME.key.pem.
 */
export async function serveAlpn(folder: string, port: number): Promise<Server> {
  const server = createServer({
    ALPNProtocols: ['acme-tls/1'],
    SNICallback: (name, done) => {
      try {
        const [cert, key] = ['crt', 'key'].map((kind) => readFileSync(path.join(folder, `${name}.${kind}.pem`)));
        done(null, createSecureContext({ cert, key }));
      } catch (error) {
        done(error as Error);
      }
    },
  });
  server.on('tlsClientError', () => undefined);
  server.on('secureConnection', (socket) => socket.on('error', () => socket.destroy()));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}
