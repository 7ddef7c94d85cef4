import { isIP } from 'node:net';
import type { SecureContext, TLSSocket } from 'node:tls';
import { checkServerIdentity, connect } from 'node:tls';
import { Distrust } from './distrust.js';

export interface Dialling {
  readonly host: string;
  readonly port: number;
  /** Names the door, not the host. */
  readonly serverName: string;
  readonly alpn: string;
  readonly context: SecureContext;
  readonly timeoutMs: number;
}

/**
 * One TLS connection whose other end proved a chain to the context's trust **and** `host` (a DNS name or IP address among its
 * subject alternative names). Rejects with words for people.
 */
export function dial(dialling: Dialling, signal: AbortSignal): Promise<TLSSocket> {
  const { host, port, serverName, alpn, context, timeoutMs } = dialling;
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      servername: serverName,
      rejectUnauthorized: true, // whatever the environment says
      secureContext: context,
      ALPNProtocols: [alpn],
      checkServerIdentity: (_, certificate) =>
        certificate.subjectaltname === undefined
          ? new Error(`the certificate at ${host}:${port} names no host`)
          : checkServerIdentity(host, certificate),
    });
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abandoned);
      if (!error) return resolve(socket);
      socket.destroy();
      reject(error);
    };
    const abandoned = (): void => settle(new Error('given up'));
    const timer = setTimeout(() => settle(new Error(`${host}:${port} did not answer in ${timeoutMs} ms`)), timeoutMs);
    if (signal.aborted) return abandoned();
    signal.addEventListener('abort', abandoned);
    // It stays: without a listener, an error after this function is done would end the process.
    socket.on('error', (error: NodeJS.ErrnoException) => settle(failureOf(error, host, port)));
    socket.once('close', () => settle(new Error(`${host}:${port} closed the connection during the handshake`)));
    socket.once('secureConnect', () => {
      if (socket.alpnProtocol !== alpn) return settle(new Error(`${host}:${port} does not speak ${alpn}`));
      socket.setNoDelay(true);
      socket.setKeepAlive(true, 30_000);
      settle();
    });
  });
}

/** What makes a dialling impossible before it is tried. */
export function dialFault({ serverName }: { readonly serverName: string }): string | undefined {
  // RFC 6066, 3: literal addresses are not permitted as server names.
  return isIP(serverName) === 0 ? undefined : `the server name ${serverName} is an IP address`;
}

const UNTRUSTED = 'its certificate does not lead to the trusted authority';
const CUT =
  'the other end cut the connection: it may not accept this certificate, not know this server name, or not let its network in now';

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: CUT,
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  ETIMEDOUT: 'it does not answer',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; check the clocks',
};

function failureOf({ code = '', message }: NodeJS.ErrnoException, host: string, port: number): Error {
  const words = WORDS[code] ?? message;
  const text = `${host}:${port}: ${words}${code && ` (${code})`}`;
  if (words === UNTRUSTED) return new Distrust('ours', text);
  return words === CUT ? new Distrust('theirs', text) : new Error(text);
}
