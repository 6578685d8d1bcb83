// The page alone, served on this machine for whoever changes it and for its tests. Not the product's own server: that is
// desktop/loopback.
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const types: Readonly<Record<string, string>> = {
  '/index.html': 'text/html; charset=utf-8',
  '/main.js': 'text/javascript; charset=utf-8',
  '/main.css': 'text/css; charset=utf-8',
};

/** As strict as the shells': what would break there breaks here. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

function listening(server: Server, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      resolve(server.address() as AddressInfo);
    });
  });
}

/** Serves the three files of a bundled page on 127.0.0.1. */
export async function servePage(folder: string, port = 0): Promise<PageServer> {
  const server = createServer((request, response) => {
    const name = request.url === '/' ? '/index.html' : (request.url ?? '');
    const type = types[name];
    if (type === undefined) {
      response.writeHead(404).end();
      return;
    }
    readFile(path.join(folder, name)).then(
      (bytes) => {
        response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(bytes);
      },
      () => {
        response.writeHead(500).end();
      },
    );
  });
  const { port: taken } = await listening(server, port);
  return {
    url: `http://127.0.0.1:${taken}/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
