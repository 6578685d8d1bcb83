import { systemClock as clock } from '../../core/node/clock.ts';
import { formatRefusal, isCoded } from '../../core/ports/coded-error.ts';
import { reloadBundle } from '../admin/load-bundle.ts';
import { Refused } from '../ops/refused.ts';
import { lastEpoch } from '../store/last-epoch.ts';
import type { Composition } from './compose.ts';
import { openGeneration } from './live.ts';

/**
 * A job that takes up bundles loaded by whoever: verified anew, its keys found on the token, everything made, and only
 * then put in the place of the one before, between two requests. One that is refused is said once and changes nothing.
 */
export function followBundles(parts: Composition): () => Promise<void> {
  const { config, database, keys, live, log, publisher } = parts;
  let refused = 0;
  return async () => {
    const { epoch: mine } = live.current.bundle.manifest;
    const epoch = (await lastEpoch(database)) ?? mine;
    if (epoch <= mine || epoch === refused) return;
    try {
      live.use(await openGeneration(parts, await reloadBundle(database, config, clock), keys, database));
    } catch (error) {
      const refusals = error instanceof Refused ? error.refusals : isCoded(error) ? [error] : undefined;
      // A token or database that fails is tried again; a refusal stays one until there is another bundle.
      if (refusals === undefined || refusals.some(({ code }) => code.startsWith('token-'))) throw error;
      refused = epoch;
      log.error({ epoch, using: mine, refusals: refusals.map(formatRefusal) }, 'the new bundle is refused');
      return;
    }
    log.info({ epoch, before: mine }, 'a new bundle is live');
    await publisher.refresh();
  };
}
