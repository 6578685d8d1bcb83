// `npm start`: the whole product once, on one machine, nothing simulated but the room. Two ceremonies on two SoftHSM tokens,
// one bundle, checked by hand, loaded by the issuer on PostgreSQL, and a certificate fetched by an ACME client.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { formatRefusal, isCoded } from '../../core/ports/coded-error.ts';
import { lock } from '../../core/node/lock.ts';
import { discardPostgres, startPostgres, type RunningPostgres } from '../postgres/embedded.ts';
import {
  fingerprintOf,
  intermediateCertificate,
  rehearseIntermediate,
  rehearseRoot,
  rootCertificate,
} from './ceremonies.ts';
import { getCertificate } from './get-certificate.ts';
import { startIssuer, stopLeftover, type RunningIssuer } from './issuer.ts';
import { demo, places } from './places.ts';
import { heading, runShown, say } from './say.ts';
import { prepareTokens } from './tokens.ts';
import { verifyByHand } from './verify-by-hand.ts';

const usage = `npm start               hold the rehearsal, start the issuer, get a certificate, stay up until Ctrl-C
npm start -- --once     the same, but end after the certificate
npm start -- --fresh    forget everything in .coldroot/ first
npm start -- --help     this text
`;

const known = new Set(['--once', '--fresh', '--help']);

interface Running {
  postgres?: RunningPostgres;
  issuer?: RunningIssuer;
}

/** Forgets everything but the lock, which is held: without its file, another run would not see it. */
async function startOver(): Promise<void> {
  stopLeftover();
  await discardPostgres(places.postgres);
  for (const name of readdirSync(places.state)) {
    const file = path.join(places.state, name);
    if (file !== places.lock && file !== `${places.lock}.held`) rmSync(file, { recursive: true, force: true });
  }
}

function showChain(): void {
  const verify = ['verify', '-x509_strict', '-CAfile', rootCertificate];
  say('$ openssl verify -x509_strict -CAfile root issuing-i1');
  runShown('openssl', [...verify, intermediateCertificate], places.root);
  say('$ openssl verify -x509_strict -CAfile root -untrusted issuing-i1 leaf');
  runShown('openssl', [...verify, '-untrusted', intermediateCertificate, places.leaf], places.root);
  for (const file of [rootCertificate, intermediateCertificate, places.leaf]) {
    runShown('openssl', ['x509', '-in', file, '-noout', '-subject', '-issuer', '-enddate'], places.root);
  }
}

function writeSummary(bundle: string, directory: string): void {
  const summary = {
    root: rootCertificate,
    intermediate: intermediateCertificate,
    leaf: places.leaf,
    bundle,
    directory,
    rootFingerprint: fingerprintOf(rootCertificate),
  };
  writeFileSync(places.summary, `${JSON.stringify(summary, null, 2)}\n`);
}

function showNext(bundle: string, directory: string): void {
  const at = (file: string): string => path.relative(places.root, file);
  say(`
What was made is in .coldroot/ (summary.json names it). What to try next:
  the plan                 cat ceremonies/root.yaml
  what happened, proven    npm run -s coldroot -- ceremony verify ${at(places.intermediateCeremony)}
  what is in the bundle    npm run -s coldroot -- bundle show ${at(bundle)} --root ${at(rootCertificate)} --rehearsal
  by keyboard yourself     npm run dev -- ceremony
  another ACME client      REQUESTS_CA_BUNDLE=${at(rootCertificate)} certbot certonly --server ${directory} …
  start over               npm start -- --fresh`);
}

async function play(running: Running): Promise<void> {
  heading('Two HSM tokens (SoftHSM)');
  const tokens = prepareTokens();
  for (const [label, serial] of tokens) say(`token ${label}: serial ${serial}`);
  heading('Rehearse the root ceremony');
  rehearseRoot(tokens);
  heading('Rehearse the intermediate ceremony, and export the bundle');
  rehearseIntermediate(tokens);
  heading('Verify the bundle with openssl and sha256sum alone');
  const bundle = verifyByHand();
  heading('Start the issuer on PostgreSQL and load the bundle');
  // Its data may be outside the state folder (see choosePlaces): without our note of it, it is an earlier run's.
  if (!existsSync(places.databaseUrl)) await discardPostgres(places.postgres);
  running.postgres = await startPostgres({ directory: places.postgres });
  writeFileSync(places.databaseUrl, `${running.postgres.url}\n`, { mode: 0o600 });
  running.issuer = await startIssuer(tokens.get('issuing') ?? '', bundle);
  say(`ACME directory: ${running.issuer.directoryUrl}`);
  heading(`Get a certificate for ${demo.name} with an ACME client (acme-client from npm)`);
  await getCertificate(running.issuer.directoryUrl, running.issuer.challengePort);
  showChain();
  writeSummary(bundle, running.issuer.directoryUrl);
  showNext(bundle, running.issuer.directoryUrl);
}

/** Resolves when somebody wants us to stop, or when the issuer stops by itself. */
function stopWanted({ issuer }: Running): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve(signal));
    issuer?.child.once('exit', () => resolve('the issuer ended'));
  });
}

async function main(args: readonly string[]): Promise<number> {
  const wrong = args.find((arg) => !known.has(arg));
  if (args.includes('--help') || wrong !== undefined) {
    if (wrong !== undefined) say(`There is no option ${wrong}.`);
    say(usage);
    return wrong === undefined ? 0 : 2;
  }
  mkdirSync(places.state, { recursive: true, mode: 0o700 });
  const held = await lock(places.lock);
  const running: Running = {};
  try {
    if (args.includes('--fresh')) await startOver();
    await play(running);
    if (!args.includes('--once')) {
      say('\nThe issuer stays up. Ctrl-C stops it.');
      say(`\nstopping (${await stopWanted(running)})`);
    }
    return 0;
  } finally {
    await running.issuer?.stop();
    await running.postgres?.stop();
    await held.release();
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!isCoded(error)) throw error;
  process.stderr.write(`${formatRefusal(error)}\n`);
  process.exitCode = 1;
}
