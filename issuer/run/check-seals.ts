import { toHex } from '../../core/ports/hex.ts';
import { countSeals } from '../store/seal-external-keys.ts';
import type { Composition } from './compose.ts';

/** Says at the start what whoever reads the database would learn, and what cannot be read here. */
export async function checkSeals({
  config,
  database,
  log,
  services,
}: Pick<Composition, 'config' | 'database' | 'log' | 'services'>): Promise<void> {
  const { sealer } = services;
  const { current } = sealer;
  const seals = await countSeals(database);
  const required = Object.values(config.directories).some(({ externalAccountRequired }) => externalAccountRequired);
  const clear = seals.find(({ sealed_with }) => sealed_with === null)?.keys ?? 0;
  if (current === null && (required || clear > 0)) {
    log.warn({ keys: clear }, 'EXTERNAL ACCOUNT KEYS ARE STORED IN THE CLEAR: whoever reads the database can use them');
  }
  let old = current === null ? 0 : clear;
  for (const { sealed_with: name, keys } of seals) {
    if (name === null) continue;
    const [id, first] = [toHex(name), current !== null && toHex(current)];
    if (!sealer.opens(name))
      log.error({ keys, sealingKey: id }, 'external account keys are sealed with a key that is not here');
    else if (id !== first) old += keys;
  }
  if (old > 0)
    log.warn({ keys: old }, 'external account keys are not under the first sealing key: "coldroot-issuer eab-seal"');
}
