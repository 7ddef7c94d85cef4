import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Whether this process could listen on a loopback port now; `port` 0 lets the system choose. Resolves with the port. */
export function tryLoopbackPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const chosen = (server.address() as AddressInfo).port;
      server.close(() => resolve(chosen));
    });
  });
}

/** A loopback port that is free now. Somebody else may still take it first: whoever listens must be ready to be refused. */
export const freePort = (): Promise<number> => tryLoopbackPort(0);
