// The machines of orders and authorizations in the real database, against a model of a page: whatever is done, in
// whatever order, with the process dying in between, both say the same.
import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/node/clock.ts';
import { systemEntropy } from '../../../core/node/entropy.ts';
import { formatUtc } from '../../../core/profile/dates.ts';
import { newId } from '../../../issuer/acme/ids.ts';
import { refreshNonceKeys } from '../../../issuer/acme/nonce-keyring.ts';
import { Nonces } from '../../../issuer/acme/nonces.ts';
import { problemDocument, unauthorized } from '../../../issuer/acme/problems.ts';
import type { Caller } from '../../../issuer/store/admission.ts';
import { beginChallenge } from '../../../issuer/store/begin-challenge.ts';
import { Database } from '../../../issuer/store/database.ts';
import { deactivateAuthorization } from '../../../issuer/store/deactivate-authorization.ts';
import { failChallenge } from '../../../issuer/store/fail-challenge.ts';
import { insertOrder } from '../../../issuer/store/insert-order.ts';
import { intendForOrder } from '../../../issuer/store/intend-for-order.ts';
import { reconcileCertificates } from '../../../issuer/store/reconcile-certificates.ts';
import { registerAccount } from '../../../issuer/store/register-account.ts';
import { storeCertificate } from '../../../issuer/store/store-certificate.ts';
import { succeedChallenge } from '../../../issuer/store/succeed-challenge.ts';
import { createIssuerDatabase, type TestDatabase } from '../../support/postgres.ts';
import { Model, type ModelAuthorization, type ModelChallenge, type ModelOrder } from './machine-model.ts';

const tools = { clock: systemClock, entropy: systemEntropy };
const now = formatUtc(systemClock.now());
const later = formatUtc(systemClock.now() + 3600);
const problem = problemDocument(unauthorized('no'));

/** The database as one account sees it. */
interface Real {
  readonly database: Database;
  readonly caller: () => Caller;
  readonly accountId: string;
  /** Every status that anything ever had. */
  readonly reached: Set<string>;
}

type Step = fc.AsyncCommand<Model, Real>;

/** Everything of the account, as plain facts. */
async function read({ database, accountId }: Real): Promise<object> {
  const rows = <Row>(text: string): Promise<readonly Row[]> =>
    database.rows<Row>({ name: '', text, durable: false }, [accountId]);
  return {
    orders: await rows('SELECT id, status FROM orders WHERE account_id = $1 ORDER BY id'),
    authorizations: await rows('SELECT id, status FROM authorizations WHERE account_id = $1 ORDER BY id'),
    challenges: await rows(
      `SELECT c.id, c.status FROM challenges c JOIN authorizations a ON a.id = c.authorization_id
       WHERE a.account_id = $1 ORDER BY c.id`,
    ),
    certificates: await rows(
      `SELECT encode(serial, 'hex') AS id, status FROM certificates WHERE account_id = $1 ORDER BY serial`,
    ),
  };
}

function factsOf({ orders, authorizations }: Model): object {
  const sorted = (rows: readonly { readonly id: string; readonly status: string }[]): object[] =>
    rows.map(({ id, status }) => ({ id, status })).toSorted((left, right) => (left.id < right.id ? -1 : 1));
  const certificates = orders.flatMap((order) =>
    order.certificates.map(({ serial, status }) => ({ id: Buffer.from(serial).toString('hex'), status })),
  );
  return {
    orders: sorted(orders),
    authorizations: sorted(authorizations),
    challenges: sorted(authorizations.flatMap(({ challenges }) => challenges)),
    certificates: sorted(certificates),
  };
}

function pick<T>(list: readonly T[], index: number): T | undefined {
  return list.length === 0 ? undefined : list[index % list.length];
}

/** A step that is done to something that exists; afterwards database and model say the same. */
function step(
  label: string,
  applies: (model: Model) => boolean,
  work: (model: Model, real: Real) => Promise<void>,
): Step {
  return {
    check: applies,
    async run(model, real) {
      await work(model, real);
      expect(await read(real)).toEqual(factsOf(model));
      for (const { status } of model.orders) real.reached.add(`order ${status}`);
      for (const { status } of model.authorizations) real.reached.add(`authorization ${status}`);
    },
    toString: () => label,
  };
}

const names = ['a.internal', 'b.internal', 'c.internal'];

async function placeOrder(wanted: readonly string[], model: Model, { database, caller }: Real): Promise<void> {
  const fresh = wanted.map((name, position) => ({
    id: newId(tools),
    position,
    type: 'dns' as const,
    value: name,
    wildcard: false,
    subdomains: false,
    names: [name],
    challenges: ['http-01', 'dns-01'].map((type) => ({ id: newId(tools), type, token: 'x' })),
  }));
  const id = newId(tools);
  const row = await insertOrder(database, caller(), {
    id,
    directory: 'main',
    identifiers: wanted.map((value) => ({ type: 'dns' as const, value })),
    notBefore: null,
    notAfter: null,
    now,
    expires: later,
    authorizations: fresh,
    reuse: true,
    replaces: null,
    terms: null,
    profile: null,
    uncounted: false,
  });
  const given = row?.authorizations ?? [];
  const authorizations = fresh.map((made, index): ModelAuthorization => {
    const reusable = model.reusable(made.value);
    // Which of several that would do is the database's choice; that it takes one where there is one is not.
    const reused = reusable.find((each) => each.id === given[index]);
    expect(reused === undefined).toBe(reusable.length === 0);
    const challenges = made.challenges.map((each): ModelChallenge => ({ id: each.id, status: 'pending' }));
    return reused ?? { id: made.id, name: made.value, status: 'pending', expired: false, challenges };
  });
  expect(given).toEqual(authorizations.map((each) => each.id));
  expect(row?.status).toBe(model.place(id, authorizations).status);
}

/** Two requests at once for the same order: one claims it where it can be claimed, and never both. */
async function finalizeTwice(order: ModelOrder, model: Model, { database, caller }: Real): Promise<void> {
  const serials = [randomBytes(16), randomBytes(16)];
  const claims = await Promise.all(
    serials.map((serial) =>
      intendForOrder(
        database,
        caller(),
        {
          serial,
          issuer: 'issuing-i1',
          tbsSha256: randomBytes(32),
          spkiSha256: randomBytes(32),
          names: ['a.internal'],
          notBefore: now,
          notAfter: later,
          now,
        },
        order.id,
      ),
    ),
  );
  const won = serials.filter((_, index) => claims[index]?.claimed === true);
  expect(won).toHaveLength(model.canFinalize(order) ? 1 : 0);
  for (const serial of won) model.finalize(order, serial);
}

type At = { readonly a: ModelAuthorization; readonly c: ModelChallenge };

async function begin({ a, c }: At, model: Model, { database, caller }: Real): Promise<void> {
  const row = await beginChallenge(database, caller(), c.id, { now, leasedUntil: later });
  expect(row?.begun).toBe(model.canBegin(a, c));
  model.begin(a, c);
}

async function prove({ a, c }: At, model: Model, real: Real): Promise<void> {
  await begin({ a, c }, model, real);
  await succeedChallenge(real.database, c.id, now);
  model.succeed(a, c);
}

async function refuse({ a, c }: At, model: Model, real: Real): Promise<void> {
  await begin({ a, c }, model, real);
  await failChallenge(real.database, c.id, problem, problem);
  model.fail(a, c);
}

async function store(one: ModelOrder, model: Model, { database }: Real): Promise<void> {
  const { serial, status } = one.certificates.at(-1) ?? { serial: randomBytes(16), status: 'abandoned' };
  // Stored twice with the same bytes is stored; what was given up is not.
  const done = await storeCertificate(database, serial, Buffer.from(serial), now);
  expect(done).toBe(status !== 'abandoned');
  model.store(one);
}

const index = fc.nat({ max: 50 });

/** Any challenge of the account, with its authorization. */
function challengeStep(label: string, which: number, work: (at: At, model: Model, real: Real) => Promise<void>): Step {
  const find = ({ authorizations }: Model): At | undefined =>
    pick(
      authorizations.flatMap((a) => a.challenges.map((c) => ({ a, c }))),
      which,
    );
  return step(
    `${label} ${which}`,
    (model) => find(model) !== undefined,
    async (model, real) => {
      const found = find(model);
      if (found !== undefined) await work(found, model, real);
    },
  );
}

function on<T>(
  label: string,
  which: number,
  list: (model: Model) => readonly T[],
  work: (one: T, model: Model, real: Real) => Promise<void>,
): Step {
  return step(
    `${label} ${which}`,
    (model) => list(model).length > 0,
    async (model, real) => {
      const one = pick(list(model), which);
      if (one !== undefined) await work(one, model, real);
    },
  );
}

async function expire(table: 'orders' | 'authorizations', id: string, { database }: Real): Promise<void> {
  const text = `UPDATE ${table} SET expires_at = $2::timestamptz WHERE id = $1`;
  await database.rows({ name: '', text, durable: false }, [id, formatUtc(systemClock.now() - 3600)]);
}

const ready = (model: Model): readonly ModelOrder[] => model.orders.filter((order) => model.canFinalize(order));
const processing = ({ orders }: Model): readonly ModelOrder[] => orders.filter(({ status }) => status === 'processing');

const orderFor = (wanted: readonly string[]): Step =>
  step(
    `order ${wanted.join()}`,
    () => true,
    (model, real) => placeOrder(wanted, model, real),
  );
const proveStep = (which: number): Step => challengeStep('prove', which, prove);
const refuseStep = (which: number): Step => challengeStep('refuse', which, refuse);
const finalizeReady = (which: number): Step => on('finalize ready', which, ready, finalizeTwice);
const storeProcessing = (which: number): Step => on('store processing', which, processing, store);
const deactivate = (which: number): Step =>
  on(
    'deactivate',
    which,
    ({ authorizations }) => authorizations,
    async (one, model, { database, caller }) => {
      await deactivateAuthorization(database, caller(), one.id, problem);
      model.deactivate(one);
    },
  );

/** Through every status there is. An authorization has two challenges, counted through. */
const everywhere: readonly (() => Step)[] = [
  () => orderFor(['a.internal']),
  () => proveStep(0),
  () => finalizeReady(0),
  () => storeProcessing(0),
  () => orderFor(['b.internal']),
  () => refuseStep(2),
  () => deactivate(0),
];

const commands: fc.Arbitrary<Step>[] = [
  fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 3 }).map(orderFor),
  index.map((which) => challengeStep('begin', which, begin)),
  index.map((which) =>
    challengeStep('succeed', which, async ({ a, c }, model, { database }) => {
      await Promise.all([1, 2].map(() => succeedChallenge(database, c.id, now)));
      model.succeed(a, c);
    }),
  ),
  index.map((which) =>
    challengeStep('fail', which, async ({ a, c }, model, { database }) => {
      await Promise.all([1, 2].map(() => failChallenge(database, c.id, problem, problem)));
      model.fail(a, c);
    }),
  ),
  index.map(refuseStep),
  // As clients do that get on with it: otherwise few orders would ever be ready.
  ...[1, 2, 3].map(() => index.map(proveStep)),
  index.map(deactivate),
  index.map((which) =>
    on(
      'expire authorization',
      which,
      ({ authorizations }) => authorizations,
      async (one, _, real) => {
        await expire('authorizations', one.id, real);
        one.expired = true;
      },
    ),
  ),
  index.map((which) =>
    on(
      'expire order',
      which,
      ({ orders }) => orders,
      async (one, _, real) => {
        await expire('orders', one.id, real);
        one.expired = true;
      },
    ),
  ),
  index.map((which) => on('finalize', which, ({ orders }) => orders, finalizeTwice)),
  index.map(finalizeReady),
  index.map((which) => on('store', which, ({ orders }) => orders, store)),
  index.map(storeProcessing),
  fc.constant(
    step(
      'crash',
      () => true,
      async (model, { database }) => {
        await reconcileCertificates(database, -3600, formatUtc(systemClock.now()));
        model.crash();
      },
    ),
  ),
];

describe('orders and authorizations in the database', () => {
  let test: TestDatabase;
  let database: Database;
  let nonces: Nonces;

  beforeAll(async () => {
    test = await createIssuerDatabase();
    database = new Database({ url: test.url, connections: 4, onError: () => undefined });
    nonces = new Nonces({ ...tools, lifetimeSeconds: 3600 });
    await refreshNonceKeys(database, nonces, tools);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  function nonce(): Caller['nonce'] {
    const opened = nonces.open(nonces.mint());
    if (opened === undefined) throw new Error('no nonce');
    return opened;
  }

  /** A new account for each run: nothing of one run is seen by the next. */
  async function newReal(reached: Set<string>): Promise<Real> {
    const thumbprint = randomBytes(32);
    const about = { directory: 'main', id: newId(tools), jwk: {}, thumbprint, contact: [], now, create: true };
    const { found } = await registerAccount(database, { ...about, nonce: nonce(), terms: null, binding: null });
    const accountId = found?.id ?? '';
    return { database, accountId, reached, caller: () => ({ nonce: nonce(), accountId, thumbprint }) };
  }

  it('are what the model says, whatever is done to them and wherever the process dies', async () => {
    const reached = new Set<string>();
    // From every place on the way through all statuses: what would be rare by chance is met each time.
    for (let begun = 0; begun <= everywhere.length; begun += 1) {
      const way = everywhere.slice(0, begun);
      await fc.assert(
        fc.asyncProperty(fc.commands(commands, { maxCommands: 40, size: 'max' }), async (steps) => {
          const [model, real] = [new Model(), await newReal(reached)];
          await fc.asyncModelRun(() => ({ model, real }), [...way.map((make) => make()), ...steps]);
        }),
        { numRuns: 10 },
      );
    }
    // The steps really went everywhere: a machine that never leaves "pending" would agree with any model.
    expect([...reached].toSorted()).toEqual([
      'authorization deactivated',
      'authorization invalid',
      'authorization pending',
      'authorization valid',
      'order invalid',
      'order pending',
      'order processing',
      'order ready',
      'order valid',
    ]);
  });
});
