import pkcs11js from 'pkcs11js';
import type { LoadCryptoki } from './cryptoki.ts';
import { tokenError } from './errors.ts';

/**
 * Loads a PKCS#11 library through pkcs11js. Only the child's entry may import this file: a library runs unsupervised in
 * whatever process loads it.
 */
export const loadPkcs11: LoadCryptoki = (path) => {
  const cryptoki = new pkcs11js.PKCS11();
  try {
    cryptoki.load(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'no reason given';
    throw tokenError(
      'token-module-unloadable',
      `The PKCS#11 library could not be loaded: ${reason}.`,
      'Check the path, that the file is readable, and with ldd that every library it needs is installed.',
    );
  }
  return cryptoki;
};
