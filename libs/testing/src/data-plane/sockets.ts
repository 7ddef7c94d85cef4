import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readSync } from 'node:fs';
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { Duplex } from 'node:stream';

/** Things to close when a test is over, newest first. */
export class Closing {
  readonly #closers: (() => unknown)[] = [];

  add(close: () => unknown): void {
    this.#closers.push(close);
  }

  async all(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close();
  }
}

export interface TestServer<Kind extends Socket = Socket> {
  readonly port: number;
  readonly connections: Kind[];
  readonly next: () => Promise<Kind>;
  readonly close: () => void;
}

/** A TCP server on loopback that keeps what connects to it. */
export const serve = (serveOne: (socket: Socket) => void = () => undefined): Promise<TestServer> =>
  keeping(createServer({ allowHalfOpen: true }), 'connection', serveOne);

/** Opened on loopback; `event` brings each connection that it keeps. */
export async function keeping<Kind extends Socket>(
  server: Server,
  event: string,
  serveOne: (socket: Kind) => void,
): Promise<TestServer<Kind>> {
  const connections: Kind[] = [];
  server.on(event, (socket: Kind) => {
    socket.on('error', () => undefined);
    connections.push(socket);
    serveOne(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    next: async () => ((await once(server, event)) as [Kind])[0],
    close: () => {
      server.close();
      for (const socket of connections) socket.destroy();
    },
  };
}

/** Answers every line with `name: line`. */
export const echoing =
  (name: string) =>
  (socket: Socket): void => {
    socket.on('data', (data) => socket.write(`${name}: ${data.toString()}`));
    socket.on('end', () => socket.end());
  };

const BLOCK = Buffer.alloc(65_536);

/** Writes for ever. */
export function flood(socket: Socket): void {
  const write = (): void => {
    while (socket.write(BLOCK));
  };
  socket.on('drain', write).on('error', () => undefined);
  write();
}

export async function dial(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** What comes back for one message; rejects when the connection ends without an answer. */
export async function ask(socket: Duplex, message: string): Promise<string> {
  socket.write(message);
  return nextData(socket);
}

export function nextData(socket: Duplex): Promise<string> {
  return new Promise((resolve, reject) => {
    const over = (why: string) => () => reject(new Error(`the connection was ${why} without an answer`));
    socket.once('data', (data: Buffer) => resolve(data.toString()));
    socket.once('error', over('reset'));
    socket.once('end', over('ended'));
    socket.once('close', over('closed'));
  });
}

export const askPort = async (port: number, message: string): Promise<string> => {
  const socket = await dial(port);
  try {
    return await ask(socket, message);
  } finally {
    socket.destroy();
  }
};

/** Whether anything listens there. */
export function isOpen(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') return resolve(false);
      // Somebody has accepted, and cut it off before this process came to see that.
      if (error.code === 'ECONNRESET') return resolve(true);
      reject(error);
    });
  });
}

/** Bytes that differ at every position, so that a swap or a loss shows in the hash. */
export function bytes(length: number, seed: number): Buffer {
  const data = Buffer.alloc(length);
  let state = seed >>> 0 || 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    data[i] = state >>> 24;
  }
  return data;
}

export async function hashOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest('hex');
}

export const hash = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

/** Sends RST and nothing before it, as a process does that dies with data unread; `resetAndDestroy` sends FIN first. */
export function cut(socket: Socket): void {
  Object.assign(socket, { resetAndClosing: true });
  socket.destroy();
}

/** How a connection finished: an end is a FIN, everything else is an error. */
export function finish(socket: Socket): Promise<'end' | 'reset'> {
  return new Promise((resolve) => {
    socket.resume();
    socket.once('end', () => resolve(wasCut(socket) ? 'reset' : 'end'));
    socket.once('error', () => resolve('reset'));
    socket.once('close', () => resolve('reset'));
  });
}

/** libuv says EOF when data and RST arrive in one turn. The kernel knows better: a further read fails. */
function wasCut(socket: Socket): boolean {
  try {
    readSync((socket as unknown as { _handle: { fd: number } })._handle.fd, Buffer.alloc(1));
    return false;
  } catch {
    return true;
  }
}
