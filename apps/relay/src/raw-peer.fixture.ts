import type { ClientHttp2Session, IncomingHttpHeaders, ServerHttp2Stream, ServerOptions } from 'node:http2';
import { connect as connectHttp2, performServerHandshake } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { connect } from 'node:tls';
import type { Credential } from '@caravan/testing/data-plane';

export interface Dialling {
  readonly port: number;
  readonly serverName?: string;
  readonly credential?: Credential;
  readonly alpn?: string;
  readonly session?: Buffer;
}

/** A TLS client that says what it likes. It does not judge the other end. */
export function dialTls({ port, serverName, credential, alpn = 'h2', session }: Dialling): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: '127.0.0.1',
      port,
      ...(serverName !== undefined && { servername: serverName }),
      ...(credential && { cert: credential.chain, key: credential.key }),
      ...(session && { session }),
      ALPNProtocols: [alpn],
      rejectUnauthorized: false,
    });
    socket.on('error', reject);
    socket.once('secureConnect', () => resolve(socket));
  });
}

/** A peer that speaks HTTP/2 by hand, as the end that calls. */
export async function callingPeer(dialling: Dialling): Promise<ClientHttp2Session> {
  const socket = await dialTls(dialling);
  const session = connectHttp2('https://relay', { createConnection: () => socket });
  session.on('error', () => undefined);
  return session;
}

/** The same as the end that answers: every request that reaches it goes to `answer`. */
export async function answeringPeer(
  dialling: Dialling,
  answer: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void,
  options?: ServerOptions,
): Promise<TLSSocket> {
  const socket = await dialTls({ ...dialling, alpn: 'caravan-h2r' });
  const session = performServerHandshake(socket, options);
  session.on('error', () => undefined);
  session.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    answer(stream, headers);
  });
  return socket;
}

/** The headers that a request is answered with; rejects when the session ends first. */
export function request(session: ClientHttp2Session, headers: Record<string, string>): Promise<IncomingHttpHeaders> {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers, { endStream: false });
    stream.on('error', reject);
    stream.on('close', () => reject(new Error('closed without an answer')));
    stream.on('response', (response) => {
      resolve(response);
      stream.destroy();
    });
  });
}

export const connectTo = (address: string, more: Record<string, string> = {}): Record<string, string> => ({
  ':method': 'CONNECT',
  ':authority': address,
  ...more,
});
