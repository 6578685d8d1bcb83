import { DatabaseError, Pool, types, type CustomTypesConfig, type PoolClient } from 'pg';
import { monotonicSeconds } from '../../core/node/clock.ts';
import { CodedError } from '../../core/ports/coded-error.ts';

/** One query: its name (prepared once per connection), its text, and whether it writes what a crash must not lose. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  /** False for reads, and for writes to the nonce tables alone: their commits wait for no disk. */
  readonly durable: boolean;
}

export type Value = string | number | boolean | null | Uint8Array | readonly string[] | readonly Uint8Array[];

/** Runs statements: the pool, each on its own, or a transaction, all or none. */
export interface Queries {
  rows<Row>(statement: Statement, values?: readonly Value[]): Promise<readonly Row[]>;
  /** The first row, where there is one. */
  first<Row>(statement: Statement, values?: readonly Value[]): Promise<Row | undefined>;
}

/** What the database was asked to do since the program started. */
export interface DatabaseCounters {
  statements: number;
  /** Transactions, single statements included. */
  commits: number;
  /** Those of them that waited for the disk. */
  durableCommits: number;
}

const oidInt8 = 20;
const oidTimestamptz = 1184;

/** Times come back as whole seconds since the epoch, 8-byte integers as numbers: none of ours passes 2^53. */
function parserFor(oid: number): ((text: string) => unknown) | undefined {
  if (oid === oidInt8) return Number;
  if (oid === oidTimestamptz)
    return (text) => Math.floor(Date.parse(text.replace(' ', 'T').replace(/\+00$/u, 'Z')) / 1000);
  return undefined;
}

const ourTypes: CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    (format === 'binary' ? undefined : parserFor(oid)) ?? types.getTypeParser(oid, format ?? 'text'),
};

async function run<Row>(
  target: Pool | PoolClient,
  { name, text }: Statement,
  values: readonly Value[],
): Promise<readonly Row[]> {
  const result = await target.query({ name, text, values: [...values] });
  return result.rows as readonly Row[];
}

/** Whether an error is PostgreSQL's refusal to store a second row under a unique key. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return (
    error instanceof DatabaseError &&
    error.code === '23505' &&
    (constraint === undefined || error.constraint === constraint)
  );
}

/** Whether an error is PostgreSQL's refusal to store what refers to a row that is not there. */
export function isForeignKeyViolation(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '23503';
}

export interface DatabaseOptions {
  /** With the password in it: never logged, never in an error. */
  readonly url: string;
  readonly connections: number;
  /** Hears of idle connections that broke. */
  readonly onError: (error: Error) => void;
  /** Hears how long each statement took, waiting for a connection included. */
  readonly onStatement?: (name: string, seconds: number) => void;
}

/** PostgreSQL through a pool of connections, counting what it is asked. */
export class Database implements Queries {
  readonly counters: DatabaseCounters = { statements: 0, commits: 0, durableCommits: 0 };
  readonly #pool: Pool;

  readonly #onStatement: DatabaseOptions['onStatement'];

  constructor({ url, connections, onError, onStatement }: DatabaseOptions) {
    this.#onStatement = onStatement;
    this.#pool = new Pool({
      connectionString: url,
      max: connections,
      types: ourTypes,
      application_name: 'coldroot-issuer',
      connectionTimeoutMillis: 10_000,
      statement_timeout: 30_000,
      options: '-c timezone=UTC',
    });
    this.#pool.on('error', onError);
  }

  async rows<Row>(statement: Statement, values: readonly Value[] = []): Promise<readonly Row[]> {
    this.counters.statements += 1;
    this.#committed(statement.durable);
    if (this.#onStatement === undefined) return run<Row>(this.#pool, statement, values);
    const from = monotonicSeconds();
    try {
      return await run<Row>(this.#pool, statement, values);
    } finally {
      this.#onStatement(statement.name, monotonicSeconds() - from);
    }
  }

  async first<Row>(statement: Statement, values: readonly Value[] = []): Promise<Row | undefined> {
    return (await this.rows<Row>(statement, values))[0];
  }

  #committed(durable: boolean): void {
    this.counters.commits += 1;
    if (durable) this.counters.durableCommits += 1;
  }

  /** Runs `work` in one transaction; whatever it throws rolls everything back. */
  async transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let fault: Error | undefined;
    try {
      await client.query('BEGIN');
      const rows = async <Row>(statement: Statement, values: readonly Value[] = []): Promise<readonly Row[]> => {
        this.counters.statements += 1;
        return run<Row>(client, statement, values);
      };
      const first = async <Row>(statement: Statement, values: readonly Value[] = []): Promise<Row | undefined> =>
        (await rows<Row>(statement, values))[0];
      const result = await work({ rows, first });
      await client.query('COMMIT');
      this.counters.statements += 2;
      this.#committed(true);
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((rollback: Error) => (fault = rollback));
      throw error;
    } finally {
      // A connection that could not roll back is not put back: somebody else would inherit the transaction.
      client.release(fault);
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}

/** Tries the database once, so that a wrong URL is found at the start and is told without the password in it. */
export async function reachDatabase(queries: Queries): Promise<void> {
  try {
    await queries.first({ name: 'ping', text: 'SELECT 1', durable: false });
  } catch (error) {
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
    throw new CodedError({
      code: 'database-unreachable',
      message: `PostgreSQL does not answer or does not let us in${code}.`,
      remedy: 'Check database.url or database.urlFile in the configuration, and that the server runs.',
    });
  }
}
