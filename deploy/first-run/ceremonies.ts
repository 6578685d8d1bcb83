import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '../../core/ports/coded-error.ts';
import { places } from './places.ts';
import { runShown, say } from './say.ts';
import { softhsmModule } from './tokens.ts';

function bindingText(tokens: ReadonlyMap<string, string>, names: readonly string[], more = ''): string {
  const uris = names.map((name) => `  ${name}: "pkcs11:serial=${tokens.get(name) ?? ''}"`);
  return `# Written by npm start: what stands for the plan's names on this machine.
coldroot-binding: 1
modules:
  softhsm: { path: ${softhsmModule()}, environment: { SOFTHSM2_CONF: ${places.softhsmConf} } }
tokens:
${uris.join('\n')}
${more}`;
}

const answers = `# Written by npm start: who plays which part in the rehearsal. PINs are in files of their own.
coldroot-answers: 1
people:
  administrator: [Ada Administrator]
  officer: [Olga Officer, Omar Officer]
  witness: [Wim Witness]
confirm: everything
records: { root-bag: RB-0001 }
pins:
  root: { file: pins/root.pin }
  issuing: { file: pins/issuing.pin }
found: adopt
`;

/** Holds one plan, or takes it up where an earlier run stopped; a finished one is left as it is. */
function hold(plan: string, binding: string, directory: string): void {
  const begun = existsSync(path.join(directory, 'journal.db'));
  const what = begun
    ? ['ceremony', 'resume', directory, '--answers', places.answers]
    : [
        'ceremony',
        'run',
        places.plan(plan),
        '--binding',
        binding,
        '--answers',
        places.answers,
        '--rehearse',
        '--dir',
        directory,
      ];
  say(
    `$ coldroot ${what
      .map((word) => path.relative(places.root, word) || word)
      .map(shorten)
      .join(' ')}`,
  );
  runShown(process.execPath, [places.coldroot, ...what], places.root);
}

function shorten(word: string): string {
  return word.startsWith('..') ? path.resolve(places.root, word) : word;
}

/** The bundle a ceremony exported. */
export function bundleOf(directory: string): string {
  const out = path.join(directory, 'out');
  const name = readdirSync(out).find((file) => file.endsWith('.coldroot'));
  if (name !== undefined) return path.join(out, name);
  const remedy = 'Start over with npm start -- --fresh.';
  throw new CodedError({ code: 'first-run-bundle', message: `There is no bundle in ${out}.`, remedy });
}

/** SHA-256 of a certificate file's DER, lower-case hex. */
export function fingerprintOf(file: string): string {
  return createHash('sha256')
    .update(new X509Certificate(readFileSync(file)).raw)
    .digest('hex');
}

export const rootCertificate = path.join(places.rootCeremony, 'out/root-r1.pem');
export const intermediateCertificate = path.join(places.intermediateCeremony, 'out/issuing-i1.pem');

/** Writes the answers file both rehearsals are played from. */
export function writeAnswers(): void {
  writeFileSync(places.answers, answers);
}

export function rehearseRoot(tokens: ReadonlyMap<string, string>): void {
  writeAnswers();
  writeFileSync(places.rootBinding, bindingText(tokens, ['root']));
  hold('root', places.rootBinding, places.rootCeremony);
}

export function rehearseIntermediate(tokens: ReadonlyMap<string, string>): void {
  const bundle = bundleOf(places.rootCeremony);
  const previous = `previous:\n  bundle: ${bundle}\n  root: ${fingerprintOf(rootCertificate)}\n`;
  writeFileSync(places.intermediateBinding, bindingText(tokens, ['root', 'issuing'], previous));
  hold('intermediate', places.intermediateBinding, places.intermediateCeremony);
}
