import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

/** Where the package puts everything, and nothing else: the list in it is of a closed set of files. */
export const installedAt = 'opt/coldroot';

/** The list inside the installation, as `core/node/installation.ts` reads it. */
export const listName = 'SHA256SUMS';
