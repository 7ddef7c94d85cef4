import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A server that members offer to others: it says back what it hears. */
export class EchoServer {
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => {
      this.sockets.add(socket.on('error', () => socket.destroy()).on('close', () => this.sockets.delete(socket)));
      socket.pipe(socket);
    });
  }

  static async open(): Promise<EchoServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new EchoServer(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Whether what is said at a local port comes back within `ms`. */
export function echoes(port: number, ms = 2_000): Promise<boolean> {
  const said = `hello ${Math.random()}`;
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1');
    const end = (answer: boolean) => () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(end(false), ms);
    socket.on('connect', () => socket.write(said));
    socket.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
      if (heard === said) end(true)();
    });
    socket.on('error', end(false)).on('close', end(false));
  });
}
