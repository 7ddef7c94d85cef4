import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

const CONNECT_MS = 5_000;

/** A byte stream to a server that stands beside this site: how the management plane's own site reaches its NATS. */
export function streamTo({ host, port }: { readonly host: string; readonly port: number }): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, timeout: CONNECT_MS });
    socket.once('timeout', () => socket.destroy(new Error(`${host}:${port} does not answer`)));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject).setTimeout(0);
      resolve(socket);
    });
  });
}
