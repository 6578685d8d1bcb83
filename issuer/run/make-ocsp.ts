import { durationSeconds } from '../../core/profile/duration.ts';
import { nodeDigest } from '../../core/node/crypto.ts';
import type { Config } from '../ops/config.ts';
import { AnswerStore } from '../revocation/ocsp/answer-store.ts';
import { OcspResponder } from '../revocation/ocsp/responder.ts';
import { signAhead } from '../revocation/ocsp/sign-ahead.ts';
import type { Composition } from './compose.ts';

/** OCSP, where it is configured. */
export interface Ocsp {
  readonly responder: OcspResponder;
  /** A job. */
  readonly signAhead: () => Promise<unknown>;
}

/** Builds it. */
export function makeOcsp(
  { ocsp }: Config,
  { database, live, tools, log, measures }: Pick<Composition, 'database' | 'live' | 'tools' | 'log' | 'measures'>,
): Ocsp | undefined {
  if (ocsp === undefined) return undefined;
  const settings = {
    lifetime: durationSeconds(ocsp.lifetime),
    ahead: durationSeconds(ocsp.ahead),
    nonces: ocsp.nonces,
  };
  const store = new AnswerStore(database, nodeDigest);
  const common = { database, store, authorities: () => live.current.authorities, settings, tools };
  return {
    responder: new OcspResponder({
      ...common,
      log,
      onAnswer: (how, seconds) => measures.ocsp.observe(`answer="${how}"`, seconds),
    }),
    signAhead: () => signAhead(common),
  };
}
