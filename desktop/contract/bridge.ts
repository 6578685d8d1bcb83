import type { Refusal } from '../../core/ports/coded-error.ts';
import type { HostEvent } from './events.ts';
import type { MethodName, RequestOf, ResponseOf } from './methods.ts';
import type { Reply } from './reply.ts';
import type { SecretMessage } from './secret.ts';

/** All that a page can reach outside itself. Every shell gives it one of these; the page cannot tell which. */
export interface Bridge {
  call<M extends MethodName>(method: M, request: RequestOf<M>): Promise<Reply<ResponseOf<M>>>;
  /** Hands an entry over; `message.secret` is all zeros afterwards. */
  secret(message: SecretMessage): Promise<Reply<null>>;
  /** Calls back with every event from now on; the function returned stops that. */
  subscribe(listener: (event: HostEvent) => void): () => void;
  /**
   * Calls back when the program behind the page is gone, and with undefined when it answers again. Absent where the page
   * cannot outlive it.
   */
  watch?(listener: (gone: Refusal | undefined) => void): void;
}
