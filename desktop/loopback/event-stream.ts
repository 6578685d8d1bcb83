import type { ServerResponse } from 'node:http';
import type { HostEvent } from '../contract/events.ts';

/** A page that reads this slowly is gone: what waits for it is not kept for ever. */
const mostWaitingBytes = 64 * 1024 * 1024;
/** An empty line now and then shows both sides that the other is still there. */
const heartbeatMilliseconds = 15_000;

/** Events as lines of JSON to the one page there is: a newer stream ends the older. */
export class EventStream {
  #response: ServerResponse | undefined;
  #beat: NodeJS.Timeout | undefined;

  open(response: ServerResponse): void {
    this.close();
    this.#response = response;
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write('\n');
    response.on('close', () => {
      if (this.#response === response) this.close();
    });
    this.#beat = setInterval(() => this.#write('\n'), heartbeatMilliseconds);
  }

  send(event: HostEvent): void {
    this.#write(`${JSON.stringify(event)}\n`);
  }

  close(): void {
    clearInterval(this.#beat);
    this.#response?.end();
    this.#response = undefined;
  }

  #write(line: string): void {
    if (this.#response === undefined) return;
    if (this.#response.writableLength > mostWaitingBytes) this.#response.destroy();
    else this.#response.write(line);
  }
}
