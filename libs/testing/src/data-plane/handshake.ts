import type { TLSSocket } from 'node:tls';
import { connect } from 'node:tls';
import type { Credential } from './authorities.js';

export interface Handshake {
  readonly port: number;
  readonly serverName: string;
  readonly credential: Credential;
  /** An earlier session of the same client, to be resumed. */
  readonly session?: Buffer;
  /** Stay for what is given to come back with: tickets arrive behind the first data. */
  readonly collect?: boolean;
}

export interface Shaken {
  /**
   * `refused`: cut before the handshake was over, or right behind it. In TLS 1.3 a client is through before the other end has
   * judged its certificate, so that only what the other end says first tells that it let in.
   */
  readonly verdict: 'admitted' | 'refused';
  /** The client's own end of the handshake was over: the other end had shown its certificate. */
  readonly isThrough: boolean;
  readonly isResumed: boolean;
  /** What the other end gave to come back with. */
  readonly sessions: readonly Buffer[];
}

const PATIENCE_MS = 10_000;
const COLLECT_MS = 250;

/** One handshake, made by hand and not followed by a word; the connection is closed when the verdict is known. */
export function shakeHands({ port, serverName, credential, session, collect = false }: Handshake): Promise<Shaken> {
  const socket = connect({
    host: '127.0.0.1',
    port,
    servername: serverName,
    cert: credential.chain,
    key: credential.key,
    ALPNProtocols: ['h2'],
    // Only the other end's judgement is of interest here.
    rejectUnauthorized: false,
    ...(session && { session }),
  });
  const sessions: Buffer[] = [];
  socket.on('session', (given: Buffer) => sessions.push(given));
  return verdictOf(socket, sessions, collect ? COLLECT_MS : 0);
}

function verdictOf(socket: TLSSocket, sessions: Buffer[], stayMs: number): Promise<Shaken> {
  let isThrough = false;
  let isResumed = false;
  socket.once('secureConnect', () => {
    isThrough = true;
    isResumed = socket.isSessionReused();
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error('it neither lets in nor refuses'));
    }, PATIENCE_MS);
    const say = (verdict: Shaken['verdict']) => (): void => {
      clearTimeout(timer);
      const own = isThrough && !socket.destroyed ? socket.getSession() : undefined;
      socket.destroy();
      resolve({ verdict, isThrough, isResumed, sessions: own ? [...sessions, own] : sessions });
    };
    socket.once('data', () => (stayMs === 0 ? say('admitted')() : setTimeout(say('admitted'), stayMs)));
    socket.once('error', say('refused'));
    socket.once('close', say('refused'));
  });
}
