import { chmodSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import type { TestDns } from '../../support/dns-server.ts';

/**
 * How clients call their hooks: the first argument, which argument names the domain, and what is to become of the TXT
 * record, whose value is the last argument. certbot hands both over by environment.
 */
const verbs: Readonly<Record<string, { readonly domain: number; readonly adds: boolean }>> = {
  // lego, with the whole record and a final dot; certbot, as we call it
  present: { domain: 1, adds: true },
  cleanup: { domain: 1, adds: false },
  // dehydrated: verb, domain, token, value
  deploy_challenge: { domain: 1, adds: true },
  clean_challenge: { domain: 1, adds: false },
  // uacme: verb, type, domain, token, value
  begin: { domain: 2, adds: true },
  done: { domain: 2, adds: false },
  failed: { domain: 2, adds: false },
  // mod_md: verb, domain, value
  setup: { domain: 1, adds: true },
  teardown: { domain: 1, adds: false },
};

/** What other kinds of challenge uacme offers first, and everything else that dehydrated tells its hook. */
function concernsDns(argv: readonly string[]): boolean {
  return argv[0] !== 'begin' || argv[1] === 'dns-01';
}

/** Does what a hook was called for; false when that is for another hook. */
function call(dns: TestDns, argv: readonly string[], environment: { domain: string; value: string }): boolean {
  const verb = verbs[argv[0] ?? ''];
  // dehydrated reports a great many events to its hook, and wants success for all of them.
  if (verb === undefined) return true;
  if (!concernsDns(argv)) return false;
  const name = argv[verb.domain] ?? environment.domain;
  const value = argv.length > verb.domain + 1 ? (argv.at(-1) ?? '') : environment.value;
  const plain = name.replace(/\.$/u, '').replace(/^\*\./u, '');
  const record = plain.startsWith('_acme-challenge.') ? plain : `_acme-challenge.${plain}`;
  if (verb.adds) dns.addText(record, value);
  else dns.removeText(record, value);
  return true;
}

/** A shell script that sends its arguments to a URL: small enough for a client that runs as `nobody`. */
function script(url: string): string {
  return [
    '#!/bin/sh',
    'for argument do set -- "$@" --data-urlencode "argument=$argument"; shift; done',
    'exec curl --fail --silent --show-error --data-urlencode "domain=$CERTBOT_DOMAIN" \\',
    `  --data-urlencode "value=$CERTBOT_VALIDATION" "$@" '${url}'`,
    '',
  ].join('\n');
}

/** An executable that clients call to change the test's DNS. */
export interface DnsHook {
  /** Writes the executable into a folder. */
  install(folder: string): string;
  close(): void;
}

export async function serveDnsHook(dns: TestDns): Promise<DnsHook> {
  const server: Server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const form = new URLSearchParams(text);
      const environment = { domain: form.get('domain') ?? '', value: form.get('value') ?? '' };
      response.statusCode = call(dns, form.getAll('argument'), environment) ? 200 : 404;
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    install: (folder) => {
      const file = path.join(folder, 'dns-hook');
      writeFileSync(file, script(`http://127.0.0.1:${port}/`));
      chmodSync(file, 0o755);
      return file;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
