import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { createServer, type Server } from 'node:net';
import packet, { type Answer, type Packet, type Question } from 'dns-packet';

/** What the server knows of one name. Each TXT record is a list of strings, as on the wire. */
export interface Records {
  readonly A?: readonly string[];
  readonly AAAA?: readonly string[];
  readonly TXT?: readonly (readonly string[])[];
  readonly CNAME?: string;
  readonly CAA?: readonly { readonly tag: string; readonly value: string; readonly critical?: boolean }[];
  /** Answer with this code instead; `silent` answers nothing until `answerSilenced`. */
  readonly fault?: 'SERVFAIL' | 'REFUSED' | 'NOTIMP' | 'silent';
}

const responseCodes = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
/** Longest answer over UDP without EDNS (RFC 1035 §4.2.1): what is longer is truncated, and asked for again over TCP. */
const udpLimit = 512;
const truncated = 0x0200;
const authoritative = 0x0400;

/** A name server of a test's own, on UDP and TCP of one port of 127.0.0.1, that follows CNAMEs as a resolver does. */
export class TestDns {
  readonly #records = new Map<string, Records>();
  readonly #udp: Socket;
  readonly #tcp: Server;
  /** `TYPE name` of every question asked, in order. */
  readonly queries: string[] = [];
  /** Questions that were not answered. */
  readonly #silenced: (readonly [question: Buffer, from: RemoteInfo])[] = [];
  /** What any name has that was not set. */
  fallback: Records | undefined;

  private constructor(udp: Socket, tcp: Server) {
    this.#udp = udp;
    this.#tcp = tcp;
  }

  static async start(): Promise<TestDns> {
    for (let attempt = 0; ; attempt += 1) {
      const udp = createSocket('udp4');
      await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve));
      const tcp = createServer();
      const dns = new TestDns(udp, tcp);
      const taken = await new Promise<boolean>((resolve) => {
        tcp.once('error', () => resolve(true));
        tcp.listen(udp.address().port, '127.0.0.1', () => resolve(false));
      });
      if (!taken) {
        dns.#answerAll();
        return dns;
      }
      udp.close();
      if (attempt > 20) throw new Error('no port is free for both UDP and TCP');
    }
  }

  /** `127.0.0.1:port`, as the issuer's configuration names it. */
  get server(): string {
    return `127.0.0.1:${this.#udp.address().port}`;
  }

  set(name: string, records: Records): void {
    this.#records.set(name.toLowerCase(), records);
  }

  remove(name: string): void {
    this.#records.delete(name.toLowerCase());
  }

  /** Adds one TXT record of one string to whatever is there. */
  addText(name: string, value: string): void {
    const known = this.#records.get(name.toLowerCase()) ?? {};
    this.set(name, { ...known, TXT: [...(known.TXT ?? []), [value]] });
  }

  removeText(name: string, value: string): void {
    const known = this.#records.get(name.toLowerCase()) ?? {};
    this.set(name, { ...known, TXT: (known.TXT ?? []).filter((strings) => strings.join('') !== value) });
  }

  /** Answers what nobody has answered yet, by what is known now. */
  answerSilenced(): void {
    for (const [question, from] of this.#silenced.splice(0)) this.#answer(question, from);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#udp.close(() => resolve()));
    await new Promise<void>((resolve) => {
      this.#tcp.close(() => resolve());
    });
  }

  #answerAll(): void {
    this.#udp.on('message', (message, from) => {
      this.#note(packet.decode(message));
      this.#answer(message, from);
    });
    this.#tcp.on('connection', (socket) => {
      let buffered = Buffer.alloc(0);
      socket.on('error', () => socket.destroy());
      socket.on('data', (bytes: Buffer) => {
        buffered = Buffer.concat([buffered, bytes]);
        while (buffered.length >= 2 && buffered.length >= 2 + buffered.readUInt16BE(0)) {
          const end = 2 + buffered.readUInt16BE(0);
          const query = packet.streamDecode(buffered.subarray(0, end));
          this.#note(query);
          const response = this.#respond(query);
          buffered = buffered.subarray(end);
          if (response !== undefined) socket.write(packet.streamEncode(response));
        }
      });
    });
  }

  #note(query: Packet): void {
    for (const { type, name } of query.questions ?? []) this.queries.push(`${type} ${name}`);
  }

  #answer(question: Buffer, from: RemoteInfo): void {
    const response = this.#respond(packet.decode(question));
    if (response === undefined) {
      this.#silenced.push([question, from]);
      return;
    }
    const whole = packet.encode(response);
    const fits = whole.length <= udpLimit;
    const sent = fits ? whole : packet.encode({ ...response, answers: [], flags: (response.flags ?? 0) | truncated });
    this.#udp.send(sent, from.port, from.address);
  }

  #respond(query: Packet): Packet | undefined {
    const [question] = query.questions ?? [];
    if (question === undefined) return undefined;
    const { answers, code } = this.#resolve(question);
    if (code === undefined) return undefined;
    return {
      type: 'response',
      id: query.id ?? 0,
      flags: authoritative | responseCodes[code],
      questions: [question],
      answers,
    };
  }

  #resolve({ name, type }: Question): { answers: Answer[]; code: keyof typeof responseCodes | undefined } {
    const answers: Answer[] = [];
    let at = name.toLowerCase();
    for (let step = 0; step < 8; step += 1) {
      const records = this.#records.get(at) ?? this.fallback;
      if (records === undefined) return { answers, code: answers.length === 0 ? 'NXDOMAIN' : 'NOERROR' };
      if (records.fault === 'silent') return { answers, code: undefined };
      if (records.fault !== undefined) return { answers, code: records.fault };
      if (type === 'A') answers.push(...(records.A ?? []).map((data) => ({ name: at, type: 'A', data }) as const));
      if (type === 'AAAA')
        answers.push(...(records.AAAA ?? []).map((data) => ({ name: at, type: 'AAAA', data }) as const));
      if (type === 'TXT') {
        answers.push(...(records.TXT ?? []).map((data) => ({ name: at, type: 'TXT' as const, data: [...data] })));
      }
      if (type === 'CAA') {
        answers.push(
          ...(records.CAA ?? []).map(({ tag, value, critical = false }) => ({
            name: at,
            type: 'CAA' as const,
            // The types of dns-packet know three tags; there may be any.
            data: { flags: critical ? 128 : 0, tag: tag as 'issue', value },
          })),
        );
      }
      if (records.CNAME === undefined) return { answers, code: 'NOERROR' };
      answers.push({ name: at, type: 'CNAME', data: records.CNAME });
      at = records.CNAME.toLowerCase();
    }
    return { answers, code: 'SERVFAIL' };
  }
}
