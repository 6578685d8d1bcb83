// A TCP load balancer in front of several replicas: any connection to any of them, past those that are not there.
import { connect, createServer, type Server, type Socket } from 'node:net';

export class Balancer {
  readonly #server: Server;
  readonly #ports: readonly number[];
  readonly #open = new Set<Socket>();
  #next = 0;

  constructor(ports: readonly number[]) {
    this.#ports = ports;
    this.#server = createServer((client) => this.#serve(client, ports.length));
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
  }

  #keep(socket: Socket): void {
    this.#open.add(socket);
    socket.on('close', () => this.#open.delete(socket));
    socket.on('error', () => socket.destroy());
  }

  #serve(client: Socket, tries: number): void {
    this.#keep(client);
    this.#next += 1;
    const upstream = connect(this.#ports[this.#next % this.#ports.length] ?? 0, '127.0.0.1');
    let connected = false;
    upstream.on('connect', () => {
      connected = true;
      this.#keep(upstream);
      client.pipe(upstream).pipe(client);
    });
    upstream.on('error', () => {
      if (connected || tries <= 1) client.destroy();
      else this.#serve(client, tries - 1);
    });
    upstream.on('close', () => {
      if (connected) client.destroy();
    });
    client.on('close', () => upstream.destroy());
  }

  close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
