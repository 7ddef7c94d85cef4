import http2 from 'node:http2';
import tls from 'node:tls';
import type { Credential } from '@caravan/api';

/** A door of a relay, from outside. */
export interface DoorAt {
  readonly port: number;
  readonly serverName: string;
  readonly trust: readonly string[];
  /** `caravan-h2r`: the dialling side is the HTTP/2 server, the only way at a door whose callers open nothing. Default `h2`. */
  readonly protocol?: 'h2' | 'caravan-h2r';
}

const PATIENCE_MS = 5_000;

function dial({ port, serverName, trust, protocol = 'h2' }: DoorAt, credential: Credential | undefined): tls.TLSSocket {
  return tls.connect({
    host: '127.0.0.1',
    port,
    servername: serverName,
    ALPNProtocols: [protocol],
    // Only the relay's judgement is of interest here; its own certificate is another suite's.
    rejectUnauthorized: false,
    ca: [...trust],
    ...(credential && { cert: credential.chain.join(''), key: credential.key }),
  });
}

/**
 * Whether a door lets a certificate in. In TLS 1.3 the client has finished before the server has looked at its certificate: only
 * the first HTTP/2 bytes of the server say that it was admitted.
 */
export function shakeHands(door: DoorAt, credential: Credential | undefined): Promise<'admitted' | 'refused'> {
  return new Promise((resolve, reject) => {
    const socket = dial(door, credential);
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`the door ${door.serverName} neither admits nor refuses`));
    }, PATIENCE_MS);
    const say = (verdict: 'admitted' | 'refused') => () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(verdict);
    };
    socket.once('data', say('admitted'));
    socket.once('error', say('refused'));
    socket.once('close', say('refused'));
  });
}

/** Asks for a tunnel to `address` through a door that admits the credential; gives the HTTP status, or 0 when it was reset. */
export function openTunnel(door: DoorAt, credential: Credential, address: string): Promise<number> {
  return new Promise((resolve) => {
    const session = http2.connect('https://relay', { createConnection: () => dial(door, credential) });
    const say = (status: number): void => {
      resolve(status);
      session.destroy();
    };
    session.once('error', () => say(0));
    try {
      const stream = session.request({ ':method': 'CONNECT', ':authority': address }, { endStream: false });
      stream.once('response', (headers) => say(headers[':status'] ?? 0));
      stream.once('error', () => say(0));
      stream.once('close', () => say(0));
    } catch {
      say(0); // an address that HTTP/2 itself cannot carry
    }
  });
}

/** A line that a door let in, for as long as it does. */
export interface HeldLine {
  /** When it was cut, by `performance.now()`. */
  readonly cut: Promise<number>;
  end(): void;
}

/** Comes in by a door and stays, without a word. @throws Error when it is not let in */
export function holdLine(door: DoorAt, credential: Credential): Promise<HeldLine> {
  return new Promise((resolve, reject) => {
    const session = http2.connect('https://relay', { createConnection: () => dial(door, credential) });
    const refused = (): void => reject(new Error(`the door ${door.serverName} did not let it in`));
    const timer = setTimeout(() => {
      session.destroy();
      refused();
    }, PATIENCE_MS);
    session.on('error', refused);
    const cut = new Promise<number>((resolveCut) => session.once('close', () => resolveCut(performance.now())));
    void cut.then(refused);
    // Only the first word of the other end says that it let in.
    session.once('remoteSettings', () => {
      clearTimeout(timer);
      resolve({ cut, end: () => session.destroy() });
    });
  });
}
