import path from 'node:path';

export const projectRoot = path.resolve(import.meta.dirname, '../..');

/** What ships, as deploy/build.ts makes it: each starts in a quarter of the time its sources take. */
export const programs = {
  coldroot: path.join(projectRoot, 'dist/coldroot.js'),
  issuer: path.join(projectRoot, 'dist/coldroot-issuer.js'),
  /** For `connectTokens` as `childEntry`. */
  pkcs11Child: path.join(projectRoot, 'dist/pkcs11-child.js'),
} as const;
