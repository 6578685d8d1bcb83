import { certificateRules, crlRules } from '../../core/lint/registry.ts';
import { unwaivable } from '../../core/lint/unwaivable.ts';

export const lintDocFile = new URL('../../docs/lint-rules.md', import.meta.url);

function row(id: string, clause: string, demand: string, appliesTo: string): string {
  return `| \`${id}\`${unwaivable.has(id) ? ' *' : ''} | ${[clause, demand, appliesTo].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

const heading = ['| id | clause | demand | applies to |', '|---|---|---|---|'];

/** docs/lint-rules.md, as it must be for the rules there are. */
export function lintDoc(): string {
  const certificates = certificateRules.map(({ id, clause, demand, appliesTo }) =>
    row(id, clause, demand, appliesTo.join(', ')),
  );
  const crls = crlRules.map(({ id, clause, demand }) => row(id, clause, demand, 'CRLs'));
  return [
    '# Lint rules',
    '',
    'Made by `node test/house/make-lint-doc.ts` from the registry; edits here are overwritten.',
    '',
    'Every rule has one file under `core/lint/rules`, one fixture under `test/vectors/lint` that it must refuse and one',
    'that every rule must accept. A rule applies by what a certificate is meant to be, never by what it looks like, so a',
    'waiver is for an exception and not for a rule that was about something else.',
    '',
    'A rule marked * nobody may waive: it says what a certificate or CRL is, and not how it should be.',
    '',
    'BR: CA/Browser Forum Baseline Requirements for TLS server certificates, 2.2.6. MRSP: Mozilla Root Store Policy, 3.1.',
    'A day has 86,400 seconds, and a period counts its last second.',
    '',
    `## Certificates: ${certificateRules.length} rules`,
    '',
    ...heading,
    ...certificates,
    '',
    `## CRLs: ${crlRules.length} rules`,
    '',
    ...heading,
    ...crls,
    '',
  ].join('\n');
}
