import cluster from 'node:cluster';
import type { Series } from '../ops/series.ts';
import type { Loaded } from './loaded.ts';
import { serveHere } from './serve.ts';
import { toWorkerSchema, type FromWorker, type ToWorker } from './worker-protocol.ts';

/** What a worker can be asked once it is ready. */
interface WorkerAnswers {
  metrics(): readonly Series[];
  useTicketKeys(keys: Uint8Array): void;
}

/** A process that serves as one of several, seen from inside it. */
export interface WorkerSide {
  readonly ticketKeys: Uint8Array;
  ready(answers: WorkerAnswers): void;
}

function tell(message: FromWorker): void {
  // A primary that is gone takes its workers with it: there is nobody to complain to.
  process.send?.(message, undefined, {}, () => undefined);
}

function listen(hear: (message: ToWorker) => void): void {
  process.on('message', (message: unknown) => {
    const parsed = toWorkerSchema.safeParse(message);
    if (parsed.success) hear(parsed.data);
  });
}

/** Serves as a worker: begins when it is told, says when it is ready, and tells its numbers when asked. */
export async function serveWorker(loaded: Loaded): Promise<number> {
  let answers: WorkerAnswers | undefined;
  const ticketKeys = await new Promise<Uint8Array>((resolve) => {
    listen((message) => {
      if (message.kind === 'begin') resolve(message.ticketKeys);
      else if (message.kind === 'ticket-keys') answers?.useTicketKeys(message.ticketKeys);
      else tell({ kind: 'metrics', id: message.id, series: [...(answers?.metrics() ?? [])] });
    });
  });
  try {
    return await serveHere(loaded, false, {
      ticketKeys,
      ready(given) {
        answers = given;
        tell({ kind: 'ready' });
      },
    });
  } finally {
    // The channel to the primary would hold the process.
    cluster.worker?.disconnect();
  }
}
