import { z } from 'zod';
import { isCoded, plainRefusal } from '../../core/ports/coded-error.ts';
import { utf8 } from '../../core/ports/bytes.ts';
import { limits } from './limits.ts';
import { methods, type MethodName, type RequestOf, type ResponseOf } from './methods.ts';
import { refuse, type Reply } from './reply.ts';

/** A host: one handler for every method. What it refuses it throws as a coded error. */
export type Handlers = { readonly [M in MethodName]: (request: RequestOf<M>) => Promise<ResponseOf<M>> };

const messageSchema = z.strictObject({ method: z.string().max(40), request: z.unknown() });

/** The bytes of a message, or undefined when it is nothing that JSON can hold. */
function sizeOf(value: unknown): number | undefined {
  try {
    const text = JSON.stringify(value) as string | undefined;
    return text === undefined ? undefined : utf8(text).length;
  } catch {
    return undefined;
  }
}

function malformed(method: string, error: z.ZodError): Reply<never> {
  // Where it is wrong, never what it was: somebody may have typed a PIN into the wrong field.
  const where = error.issues[0]?.path.join('.') ?? '';
  const at = where === '' ? '' : ` at ${where}`;
  return refuse('contract-request', `The request ${method} does not have its shape${at}.`, 'Reload the window.');
}

/** What a handler threw, as a reply. Only coded errors are for people. */
function failed(error: unknown): Reply<never> {
  if (!isCoded(error)) {
    const name = error instanceof Error ? error.name : 'unknown error';
    const remedy = 'The ceremony is safe in its journal. Leave it, resume it, and report this.';
    return refuse('contract-fault', `The program failed inside (${name}).`, remedy);
  }
  return { ok: false, refusal: plainRefusal(error) };
}

async function answered(method: MethodName, request: unknown, handlers: Handlers): Promise<Reply<unknown>> {
  const parsed = methods[method].request.safeParse(request);
  if (!parsed.success) return malformed(method, parsed.error);
  try {
    const handle = handlers[method] as (request: unknown) => Promise<unknown>;
    const response = methods[method].response.safeParse(await handle(parsed.data));
    const size = response.success ? (sizeOf(response.data) ?? Number.POSITIVE_INFINITY) : 0;
    if (response.success && size <= limits.replyBytes) return { ok: true, response: response.data };
    const remedy = 'The ceremony is safe in its journal. Report this.';
    return refuse('contract-response', `What ${method} came to cannot be shown.`, remedy);
  } catch (error) {
    return failed(error);
  }
}

/** Answers one message from a page, whatever it is. Never throws. */
export async function dispatch(handlers: Handlers, message: unknown): Promise<Reply<unknown>> {
  const size = sizeOf(message);
  if (size === undefined || size > limits.requestBytes) {
    return refuse('contract-too-large', 'The request is too large, or no data.', 'Shorten what was typed.');
  }
  const parsed = messageSchema.safeParse(message);
  if (!parsed.success) return malformed('(message)', parsed.error);
  const { method, request } = parsed.data;
  // hasOwn: "constructor" and its like are no methods.
  if (!Object.hasOwn(methods, method)) {
    return refuse('contract-method', 'This host has no such method.', 'Reload the window.');
  }
  return answered(method as MethodName, request, handlers);
}
