import { clients } from '../interop/records/all.ts';
import { features, type ClientRecord, type Feature } from '../interop/support/features.ts';

export const clientsDocFile = new URL('../../docs/clients.md', import.meta.url);

/** Footnotes in the order in which they are first needed; the same reason has the same number. */
class Footnotes {
  readonly reasons: string[] = [];

  number(reason: string): number {
    const known = this.reasons.indexOf(reason);
    return known === -1 ? this.reasons.push(reason) : known + 1;
  }
}

function cell({ cannot, notes }: ClientRecord, feature: Feature, footnotes: Footnotes): string {
  const reason = cannot[feature];
  if (reason !== undefined) return `– <sup>${footnotes.number(reason)}</sup>`;
  const note = notes?.[feature];
  return note === undefined ? 'yes' : `yes <sup>${footnotes.number(note)}</sup>`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function source({ from }: ClientRecord): string {
  return 'npm' in from ? `npm \`${from.npm}\`` : `Debian 12 \`${from.debian}\``;
}

/** docs/clients.md, as it must be for the clients that are tested. */
export function clientsDoc(): string {
  const footnotes = new Footnotes();
  const rows = (Object.entries(features) as [Feature, string][]).map(([feature, title]) =>
    line([title, ...clients.map((client) => cell(client, feature, footnotes))]),
  );
  return [
    '# ACME clients',
    '',
    'Made by `node test/house/make-clients-doc.ts` from `test/interop/records`; edits here are overwritten.',
    '',
    'Each "yes" is a test in `test/interop` in which this client, as its package has it, does this against a running',
    'issuer with SoftHSM and PostgreSQL, and OpenSSL and GnuTLS accept what it got. A "–" is something that the client',
    'itself cannot do.',
    '',
    line(['', ...clients.map(({ name }) => name)]),
    line(['---', ...clients.map(() => '---')]),
    line(['version', ...clients.map(({ version }) => version)]),
    line(['from', ...clients.map(source)]),
    ...rows,
    '',
    ...footnotes.reasons.map((reason, index) => `${index + 1}. ${reason}.`),
    '',
  ].join('\n');
}
