// The issuer as it runs: a process of its own, a token in SoftHSM, a bundle, a database in PostgreSQL, a name server.
import { spawn, type ChildProcess } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { connectTokens } from '../../core/node/pkcs11/connect.ts';
import { throwawayKey, type ThrowawayKey } from '../../core/node/throwaway-key.ts';
import type { Token } from '../../core/ports/token.ts';
import type { SubjectPolicy } from '../../core/profile/subject-policy.ts';
import { toPem } from '../../core/x509/pem.ts';
import { AcmeTestClient, httpsTransport, type AccountKey, type Transport } from './acme.ts';
import { TestDns } from './dns-server.ts';
import { freePort } from './free-port.ts';
import { makeHierarchy, type TestHierarchy } from './hierarchy.ts';
import { bundleWithSigners, certifyOcspSigner, type NamedSigner } from './ocsp-signer.ts';
import type { TestDatabase } from './postgres.ts';
import { programs } from './programs.ts';
import { createSoftHsm, type SoftHsm } from './softhsm.ts';
import { until } from './until.ts';

const pin = 'secret-4711';

/** A deep change to the configuration: objects are merged, everything else replaced. */
/** What operators are let in by, where a test has an admin API. */
export const operatorsToken = 'secret-of-operators-in-the-tests';

export type Change = { readonly [key: string]: unknown };

function merge(base: Change, change: Change): Change {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(change)) {
    const known = result[key];
    const nested = [known, value].every((each) => typeof each === 'object' && each !== null && !Array.isArray(each));
    result[key] = nested ? merge(known as Change, value as Change) : value;
  }
  return result;
}

export interface Exit {
  readonly code: number | null;
  readonly stderr: string;
}

/** A running process of the program. */
export class IssuerProcess {
  readonly #child: ChildProcess;
  readonly exited: Promise<Exit>;
  stdout = '';
  stderr = '';

  constructor(argv: readonly string[], program: string = programs.issuer) {
    this.#child = spawn(process.execPath, [program, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.exited = new Promise((resolve) => {
      this.#child.on('close', (code) => resolve({ code, stderr: this.stderr }));
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Log lines as objects. */
  get lines(): Record<string, unknown>[] {
    return this.stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Waits for a log line with this message; throws with what was written when the process ends before. */
  async waitForLine(message: string): Promise<Record<string, unknown>> {
    let ended = false;
    void this.exited.then(() => (ended = true));
    const missing = (): Error => new Error(`no line "${message}": ${this.stderr}${this.stdout.slice(-2000)}`);
    const look = (): Record<string, unknown> | undefined => {
      const found = this.lines.find(({ msg }) => msg === message);
      if (found === undefined && ended) throw missing();
      return found;
    };
    return until(message, look).catch(() => {
      throw missing();
    });
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async stop(): Promise<Exit> {
    this.signal('SIGTERM');
    return this.exited;
  }
}

export interface IssuerOptions {
  readonly change?: Change;
  readonly rehearsal?: boolean;
  /** What the bundle's policy says of subjects; nothing, like bundles from before it could, when it is left out. */
  readonly subjects?: SubjectPolicy;
  /** Where the issuing key is; a token when nothing is said. */
  readonly keys?: 'token' | 'file';
  /** The bundle has an OCSP signer, "ocsp-o1", whose key is beside that of the CA: for so many days. */
  readonly ocspSigner?: number;
  /** Already there: a real one with durable writes, for benchmarks. */
  readonly database?: TestDatabase;
}

/** Everything an issuer needs, made but not started. */
export class TestIssuer {
  readonly directory: string;
  readonly softHsm: SoftHsm;
  readonly hierarchy: TestHierarchy;
  readonly database: TestDatabase;
  readonly dns: TestDns;
  readonly ports: {
    readonly https: number;
    readonly publish: number;
    readonly metrics: number;
    readonly http01: number;
    /** Used when the configuration names it. */
    readonly behindProxy: number;
  };
  readonly configFile: string;
  readonly bundleFile: string;
  /** The root in PEM, and where it lies in a file. */
  readonly rootPem: string;
  readonly rootFile: string;
  #process: IssuerProcess | undefined;
  readonly #transports: Transport[] = [];
  readonly #config: Change;
  readonly #challenges = new Map<string, string>();
  #challengeServer: Server | undefined;

  private constructor(parts: {
    directory: string;
    softHsm: SoftHsm;
    hierarchy: TestHierarchy;
    database: TestDatabase;
    dns: TestDns;
    ports: TestIssuer['ports'];
    config: Change;
  }) {
    this.directory = parts.directory;
    this.softHsm = parts.softHsm;
    this.hierarchy = parts.hierarchy;
    this.database = parts.database;
    this.dns = parts.dns;
    this.ports = parts.ports;
    this.#config = parts.config;
    this.configFile = path.join(parts.directory, 'issuer.yaml');
    this.bundleFile = path.join(parts.directory, 'bundle.coldroot');
    this.rootPem = toPem('CERTIFICATE', parts.hierarchy.root.raw);
    this.rootFile = path.join(parts.directory, 'root.pem');
  }

  static async create(options: IssuerOptions = {}): Promise<TestIssuer> {
    const { change = {}, rehearsal = false } = options;
    const directory = mkdtempSync(path.join(tmpdir(), 'coldroot-issuer-'));
    const softHsm = await createSoftHsm();
    const serial = options.keys === 'file' ? '' : (await softHsm.createToken('issuing', pin)).serial;
    const issuingSpki = serial === '' ? undefined : await generateIssuingKey(softHsm, serial);
    const { subjects } = options;
    const hierarchy = {
      ...(await makeHierarchy({ rehearsal, ...(issuingSpki === undefined ? {} : { issuingSpki }) })),
      ...(subjects === undefined ? {} : { subjects }),
    };
    if (hierarchy.issuingKey !== undefined) writeKeyFile(path.join(directory, 'issuing.key'), hierarchy.issuingKey);
    const signers = await makeOcspSigners({ ...options, directory, softHsm, serial, hierarchy });
    // Only then: a benchmark runs outside vitest, where that module cannot be loaded.
    const database = options.database ?? (await (await import('./postgres.ts')).createDatabase());
    const dns = await TestDns.start();
    const ports = {
      https: await freePort(),
      publish: await freePort(),
      metrics: await freePort(),
      http01: await freePort(),
      behindProxy: await freePort(),
    };
    const keyFiles = ['issuing.key', ...(signers.length === 0 ? [] : ['ocsp.key'])];
    const config = merge(defaultConfig({ ports, softHsm, serial, hierarchy, dns, rehearsal, keyFiles }), change);
    const issuer = new TestIssuer({ directory, softHsm, hierarchy, database, dns, ports, config });
    writeFileSync(path.join(directory, 'database-url'), database.url, { mode: 0o600 });
    writeFileSync(path.join(directory, 'pin'), pin, { mode: 0o600 });
    writeFileSync(issuer.rootFile, issuer.rootPem);
    writeFileSync(issuer.bundleFile, await bundleWithSigners(hierarchy, signers, { rehearsal }));
    issuer.configure();
    return issuer;
  }

  /** Writes the configuration, changed further. */
  configure(change: Change = {}): void {
    writeFileSync(this.configFile, stringify(merge(this.#config, change), { aliasDuplicateObjects: false }));
  }

  get baseUrl(): string {
    return `https://localhost:${this.ports.https}`;
  }

  directoryUrl(name = 'main'): string {
    return `${this.baseUrl}/acme/${name}/directory`;
  }

  get process(): IssuerProcess {
    if (this.#process === undefined) throw new Error('not started');
    return this.#process;
  }

  /** Runs the program with these arguments until it ends. */
  async run(...argv: string[]): Promise<Exit & { stdout: string }> {
    const child = new IssuerProcess(argv);
    const exit = await child.exited;
    return { ...exit, stdout: child.stdout };
  }

  async start(...argv: string[]): Promise<this> {
    this.#process = new IssuerProcess(['serve', '--config', this.configFile, ...argv]);
    await this.#process.waitForLine('ready');
    return this;
  }

  /** Starts it where its log level hides the line that says "ready". */
  async startQuietly(...argv: string[]): Promise<this> {
    this.#process = new IssuerProcess(['serve', '--config', this.configFile, ...argv]);
    const transport = httpsTransport(this.rootPem);
    this.#transports.push(transport);
    await until('the issuer is ready', () =>
      transport.request('GET', `${this.baseUrl}/ready`).then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
    return this;
  }

  /** A client with an account of its own, not registered yet. */
  client(
    options: { directory?: string; key?: AccountKey; sockets?: number; transport?: Transport } = {},
  ): AcmeTestClient {
    const transport = options.transport ?? httpsTransport(this.rootPem, options.sockets);
    this.#transports.push(transport);
    return new AcmeTestClient(transport, this.directoryUrl(options.directory), options.key);
  }

  /** Serves http-01 challenges at the port the issuer looks at; answers by path. */
  async serveChallenges(): Promise<Map<string, string>> {
    if (this.#challengeServer !== undefined) return this.#challenges;
    const server = createServer((request, response) => {
      const body = this.#challenges.get(request.url ?? '');
      response.statusCode = body === undefined ? 404 : 200;
      response.end(body ?? 'not here');
    });
    await new Promise<void>((resolve) => server.listen(this.ports.http01, '127.0.0.1', resolve));
    this.#challengeServer = server;
    return this.#challenges;
  }

  /** Stops everything and removes what was made. Fails when the issuer did not end well or left connections open. */
  async remove(): Promise<void> {
    for (const transport of this.#transports) transport.close();
    const exit = await this.#process?.stop();
    this.#challengeServer?.closeAllConnections();
    this.#challengeServer?.close();
    await this.dns.close();
    await this.database.drop();
    await this.softHsm.remove();
    rmSync(this.directory, { recursive: true, force: true });
    // Killed on purpose by a test is fine; anything else but 0 is not.
    if (exit !== undefined && exit.code !== 0 && exit.code !== null) {
      throw new Error(`the issuer ended with ${exit.code}: ${exit.stderr}`);
    }
  }
}

/** Writes a key as `openssl pkcs8 -topk8` does; the passphrase is the PIN of all else here. */
function writeKeyFile(file: string, key: ThrowawayKey): void {
  const pkcs8 = createPrivateKey({ key: Buffer.from(key.pkcs8()), format: 'der', type: 'pkcs8' });
  const pem = pkcs8.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: pin });
  writeFileSync(file, pem, { mode: 0o600 });
}

/** Does something with the issuer's token, logged in to. */
export async function withIssuerToken<T>(
  softHsm: SoftHsm,
  serial: string,
  work: (token: Token) => Promise<T>,
): Promise<T> {
  const provider = connectTokens(
    { softhsm: { path: softHsm.module, environment: softHsm.environment } },
    { childEntry: programs.pkcs11Child },
  );
  try {
    const token = await provider.open(serial);
    await token.login(pin);
    const result = await work(token);
    await token.close();
    return result;
  } finally {
    await provider.close();
  }
}

async function generateIssuingKey(softHsm: SoftHsm, serial: string): Promise<Uint8Array> {
  const key = { algorithm: 'ec-p256', label: 'issuing-i1', id: Uint8Array.of(1, 2, 3, 4) } as const;
  return (await withIssuerToken(softHsm, serial, (token) => token.generateKey(key))).spki;
}

async function makeOcspSigners(parts: {
  readonly ocspSigner?: number;
  readonly directory: string;
  readonly softHsm: SoftHsm;
  readonly serial: string;
  readonly hierarchy: TestHierarchy;
}): Promise<readonly NamedSigner[]> {
  const { ocspSigner: days, directory, softHsm, serial, hierarchy } = parts;
  if (days === undefined) return [];
  const { issuing, issuingKey } = hierarchy;
  if (issuingKey !== undefined) {
    const key = await throwawayKey('ec-p256');
    writeKeyFile(path.join(directory, 'ocsp.key'), key);
    return [{ name: 'ocsp-o1', certificate: await certifyOcspSigner(hierarchy, key.spki, issuingKey, { days }) }];
  }
  return withIssuerToken(softHsm, serial, async (token) => {
    const { spki } = await token.generateKey({ algorithm: 'ec-p256', label: 'ocsp-o1', id: Uint8Array.of(8, 8) });
    const ca: Pick<ThrowawayKey, 'sign'> = {
      sign: (algorithm, message) => token.sign({ spki: issuing.tbs.spki }, algorithm, message),
    };
    return [{ name: 'ocsp-o1', certificate: await certifyOcspSigner(hierarchy, spki, ca, { days }) }];
  });
}

function defaultConfig(parts: {
  ports: TestIssuer['ports'];
  softHsm: SoftHsm;
  serial: string;
  hierarchy: TestHierarchy;
  dns: TestDns;
  rehearsal: boolean;
  keyFiles: readonly string[];
}): Change {
  const { ports, softHsm, serial, hierarchy, dns, rehearsal, keyFiles } = parts;
  const profile = {
    type: 'leaf',
    eku: ['serverAuth', 'clientAuth'],
    crl: `http://127.0.0.1:${ports.publish}/crl/issuing-i1.crl`,
    aia: `http://127.0.0.1:${ports.publish}/ca/issuing-i1.cer`,
  };
  const common = { issuer: 'issuing-i1', profile, lifetime: { default: '30d', max: '60d' } };
  return {
    database: { urlFile: 'database-url' },
    // One process unless a test is about several: they start faster.
    workers: 1,
    listen: { host: '127.0.0.1', port: ports.https },
    publish: { host: '127.0.0.1', port: ports.publish },
    metrics: { host: '127.0.0.1', port: ports.metrics },
    baseUrl: `https://localhost:${ports.https}`,
    rootFingerprint: hierarchy.rootFingerprint,
    hierarchy: 'example-corp',
    mode: rehearsal ? 'rehearsal' : 'production',
    bundle: 'bundle.coldroot',
    ...(serial === ''
      ? { keyFiles: { files: keyFiles, passphraseFile: 'pin' } }
      : {
          pkcs11: {
            modules: { softhsm: { path: softHsm.module, environment: softHsm.environment } },
            token: serial,
            pinFile: 'pin',
          },
        }),
    tls: { names: ['localhost', '127.0.0.1'], issuer: 'issuing-i1' },
    directories: {
      main: {
        ...common,
        challenges: ['http-01', 'dns-01'],
        allow: { dns: ['example.internal'], wildcards: true, ip: ['127.0.0.0/8'] },
      },
      narrow: { ...common, challenges: ['http-01'], allow: { dns: ['narrow.example.internal'] } },
    },
    validation: {
      // As long as they may be: validations end by an answer, however slow the machine is.
      resolver: { servers: [dns.server], timeout: '30s' },
      httpPort: ports.http01,
      timeout: '60s',
      allowedNetworks: ['127.0.0.0/8'],
    },
  };
}
