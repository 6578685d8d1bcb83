import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import path from 'node:path';
import { CodedError } from '../../core/ports/coded-error.ts';
import { fingerprintOf, rootCertificate } from './ceremonies.ts';
import { demo, places } from './places.ts';
import { freePort } from './ports.ts';
import { runShown, say } from './say.ts';
import { softhsmModule } from './tokens.ts';

/** A running issuer: where it is, where it looks for http-01 answers, and how to stop it. */
export interface RunningIssuer {
  readonly directoryUrl: string;
  readonly challengePort: number;
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

function configText(port: number, challengePort: number, issuingSerial: string, bundle: string): string {
  return `# Written by npm start: an issuer for one machine. docs/operators.md explains it.
database: { urlFile: ${places.databaseUrl} }
listen: { host: 127.0.0.1, port: ${port} }
baseUrl: https://localhost:${port}
rootFingerprint: ${fingerprintOf(rootCertificate)}
hierarchy: example-corp
# This issuer believes rehearsals only, and says so at every start. "production" believes none.
mode: rehearsal
bundle: ${bundle}
pkcs11:
  modules: { softhsm: { path: ${softhsmModule()}, environment: { SOFTHSM2_CONF: ${places.softhsmConf} } } }
  token: "pkcs11:serial=${issuingSerial}"
  pinFile: ${path.join(places.pins, 'issuing.pin')}
tls: { names: [localhost, 127.0.0.1], issuer: ${demo.issuer} }
directories:
  ${demo.directory}:
    issuer: ${demo.issuer}
    profile: { type: leaf, eku: [serverAuth, clientAuth], crl: "http://pki.example.internal/crl/${demo.issuer}.crl" }
    challenges: [http-01, dns-01]
    lifetime: { default: 30d, max: 90d }
    allow: { dns: [example.internal, localhost], wildcards: true }
validation:
  # Names this demonstration owns, without a name server; and the port where its web server answers.
  resolver: { hosts: { ${demo.name}: [127.0.0.1] } }
  httpPort: ${challengePort}
  allowedNetworks: [127.0.0.0/8]
`;
}

/** Stops an issuer that a killed run left behind: by its own pid file, and only if that process is one of ours. */
export function stopLeftover(): void {
  if (!existsSync(places.issuerPid)) return;
  const pid = Number.parseInt(readFileSync(places.issuerPid, 'utf8'), 10);
  rmSync(places.issuerPid);
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    if (command.includes(places.issuer)) process.kill(pid, 'SIGTERM');
  } catch {
    // It is gone already.
  }
}

/** True when the issuer says it can serve. */
function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const options = {
      host: '127.0.0.1',
      servername: 'localhost',
      port,
      path: '/ready',
      ca: readFileSync(rootCertificate),
    };
    const asked = request(options, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on('error', () => resolve(false));
    asked.setTimeout(2000, () => asked.destroy());
    asked.end();
  });
}

async function waitReady(port: number, child: ChildProcess): Promise<void> {
  const attempts = 600;
  for (let attempt = 0; attempt < attempts && child.exitCode === null; attempt += 1) {
    if (await isReady(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const last = readFileSync(places.issuerLog, 'utf8').trim().split('\n').slice(-3).join('\n');
  const remedy = `Its whole log is ${places.issuerLog}.`;
  throw new CodedError({ code: 'first-run-issuer', message: `The issuer did not become ready:\n${last}\n`, remedy });
}

/** Migrates the database and starts the issuer; returns when it is ready. */
export async function startIssuer(issuingSerial: string, bundle: string): Promise<RunningIssuer> {
  stopLeftover();
  const port = await freePort(14_443);
  const challengePort = await freePort(15_080);
  writeFileSync(places.issuerConfig, configText(port, challengePort, issuingSerial, bundle), { mode: 0o600 });
  for (const command of ['check-config', 'migrate']) {
    const named = command === 'check-config' ? [places.issuerConfig] : ['--config', places.issuerConfig];
    say(`$ coldroot-issuer ${command} ${named.map((word) => path.relative(places.root, word) || word).join(' ')}`);
    runShown(process.execPath, [places.issuer, command, ...named], places.root);
  }
  say('$ coldroot-issuer serve --config .coldroot/issuer.yaml');
  const log = openSync(places.issuerLog, 'w', 0o600);
  const child = spawn(process.execPath, [places.issuer, 'serve', '--config', places.issuerConfig], {
    cwd: places.root,
    // Detached, so that a Ctrl-C reaches us first and the issuer is stopped in order.
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  writeFileSync(places.issuerPid, `${child.pid}\n`);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await waitReady(port, child);
  return {
    directoryUrl: `https://localhost:${port}/acme/${demo.directory}/directory`,
    challengePort,
    child,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      rmSync(places.issuerPid, { force: true });
    },
  };
}
