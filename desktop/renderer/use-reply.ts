import { useEffect, useState } from 'react';
import type { MethodName, RequestOf, ResponseOf } from '../contract/methods.ts';
import type { Reply } from '../contract/reply.ts';
import { useHost } from './host.ts';

/** What the host answers to a question that changes nothing, asked when `key` changes; undefined while it is open. */
export function useReply<M extends MethodName>(
  method: M,
  request: RequestOf<M>,
  key: string,
): Reply<ResponseOf<M>> | undefined {
  const host = useHost();
  const [reply, setReply] = useState<{ readonly key: string; readonly reply: Reply<ResponseOf<M>> } | undefined>();
  useEffect(() => {
    let wanted = true;
    void host.bridge.call(method, request).then((answer) => {
      if (wanted) setReply({ key, reply: answer });
    });
    return () => {
      wanted = false;
    };
    // `key` stands for the request, which is a new object at every render.
  }, [host, method, key]);
  return reply?.key === key ? reply.reply : undefined;
}
