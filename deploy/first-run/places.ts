import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const state = path.join(root, '.coldroot');

/** Where the first run keeps everything: one folder, not under version control, thrown away by --fresh. */
export const places = {
  root,
  state,
  lock: path.join(state, 'lock'),
  softhsm: path.join(state, 'softhsm'),
  softhsmConf: path.join(state, 'softhsm/softhsm2.conf'),
  pins: path.join(state, 'pins'),
  rootBinding: path.join(state, 'root-binding.yaml'),
  intermediateBinding: path.join(state, 'intermediate-binding.yaml'),
  answers: path.join(state, 'answers.yaml'),
  rootCeremony: path.join(state, 'ceremony-root'),
  intermediateCeremony: path.join(state, 'ceremony-intermediate'),
  unpacked: path.join(state, 'bundle'),
  postgres: path.join(state, 'postgres'),
  databaseUrl: path.join(state, 'database-url'),
  issuerConfig: path.join(state, 'issuer.yaml'),
  issuerLog: path.join(state, 'issuer.log'),
  issuerPid: path.join(state, 'issuer.pid'),
  leaf: path.join(state, 'leaf.pem'),
  leafKey: path.join(state, 'leaf.key.pem'),
  chain: path.join(state, 'chain.pem'),
  summary: path.join(state, 'summary.json'),
  coldroot: path.join(root, 'dist/coldroot.js'),
  issuer: path.join(root, 'dist/coldroot-issuer.js'),
  plan: (name: string): string => path.join(root, 'ceremonies', `${name}.yaml`),
} as const;

/** What the demonstration certifies and where. */
export const demo = {
  name: 'demo.example.internal',
  directory: 'internal',
  issuer: 'issuing-i1',
  tokens: ['root', 'issuing'],
} as const;
