import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import type { TestDns } from '../support/dns-server.ts';

/** Lets the hooks of clients change TXT records. */
export interface DnsControl {
  /** For the hooks' environment. */
  readonly environment: { readonly COLDROOT_TEST_DNS: string };
  /** An executable for lego; certbot gets it with an argument. */
  readonly hook: string;
  close(): void;
}

/** Serves the test's DNS to `dns-hook.ts`. certbot names the domain, lego the whole record with a final dot. */
export async function controlDns(dns: TestDns, folder: string): Promise<DnsControl> {
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { action, name, value } = JSON.parse(text) as { action: string; name: string; value: string };
      const plain = name.replace(/\.$/u, '');
      const record = plain.startsWith('_acme-challenge.') ? plain : `_acme-challenge.${plain}`;
      if (action === 'present') dns.addText(record, value);
      else dns.removeText(record, value);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const hook = path.join(folder, 'dns-hook');
  writeFileSync(hook, `#!/bin/sh\nexec '${process.execPath}' '${import.meta.dirname}/dns-hook.ts' "$@"\n`);
  chmodSync(hook, 0o755);
  return { environment: { COLDROOT_TEST_DNS: `http://127.0.0.1:${port}/` }, hook, close: () => server.close() };
}
