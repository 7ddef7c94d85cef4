import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { bareHopSchema } from './bare-hop-file.js';

/**
 * One hop of a tunnel with nothing to it: `node:http2` CONNECT over mutual TLS, and `pipe`. What a relay is compared with. A
 * process of its own; its argument names a file with what it is to do.
 */
const {
  ca,
  server: served,
  client,
  window,
  accepts,
  leadsTo,
} = bareHopSchema.parse(JSON.parse(readFileSync(process.argv[2]!, 'utf8')));

const TLS = { ca, minVersion: 'TLSv1.3', ALPNProtocols: ['h2'] } as const;
const settings = { initialWindowSize: window };

/** The same windows as a relay has (docs/benchmarks.md): Node's own are too small for bulk. */
const widen = (session: http2.Http2Session): void => session.setLocalWindowSize(window);

const forward = await onward();
await accept();
process.stdout.write('ready\n');
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0));
process.stdin.resume().once('close', () => process.exit(0)); // whoever started this has gone

async function onward(): Promise<(address: string) => Duplex> {
  if ('ports' in leadsTo) {
    const { ports } = leadsTo;
    return (address) => net.connect({ port: ports[address]!, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  }
  const socket = tls.connect({ ...TLS, ...client, port: leadsTo.port, host: '127.0.0.1' }).setNoDelay(true);
  const session = http2.connect('https://bare', { settings, maxSessionMemory: 1_000, createConnection: () => socket });
  await new Promise((resolve, reject) => session.once('connect', resolve).once('error', reject));
  session.once('close', () => process.exit(1)); // nothing that is measured may go on without it
  widen(session);
  process.stdout.write(`${socket.getProtocol()} ${socket.getCipher().standardName}\n`);
  return (address) => session.request({ ':method': 'CONNECT', ':authority': address }, { endStream: false });
}

async function accept(): Promise<void> {
  if ('ports' in accepts) {
    for (const [address, port] of Object.entries(accepts.ports)) {
      const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (near) => join(near, forward(address)));
      await new Promise<void>((resolve) => server.listen({ port, host: '127.0.0.1', backlog: 1024 }, resolve));
    }
    return;
  }
  const { port } = accepts;
  const options = { requestCert: true, rejectUnauthorized: true, noDelay: true, maxSessionMemory: 1_000 };
  const server = http2.createSecureServer({ ...TLS, ...served, ...options, settings });
  server.on('session', widen);
  server.on('stream', (near, headers) => {
    near.respond({ ':status': 200 });
    join(near, forward(headers[':authority']!));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
}

function join(near: Duplex, far: Duplex): void {
  near.pipe(far).pipe(near);
  near.on('error', () => far.destroy());
  far.on('error', () => near.destroy());
}
