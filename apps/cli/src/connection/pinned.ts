import { createHash, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { ConnectionOptions, DetailedPeerCertificate } from 'node:tls';
import { CliError } from '../failures/cli-error.js';
import { EXIT } from '../failures/exit-codes.js';

const WITHIN_MS = 10_000;

/** SHA-256 of the DER, base64url: what a join URL knows an API by. */
const pinOf = (der: Buffer): string => createHash('sha256').update(der).digest('base64url');

/**
 * By which certificate whoever has nothing else can know the API at a URL: that of who signed its own. Undefined: this system trusts
 * it, and so will others. @throws CliError `api.not-trusted`, `api.unreachable`
 */
export const pinFor = async (url: string, trust: string | undefined): Promise<string | undefined> => {
  const byAnybody = await shake(url, {}).catch((error: unknown) => error);
  if (Array.isArray(byAnybody)) return undefined;
  if (trust === undefined) throw byAnybody;
  const [leaf, issuer] = await shake(url, { ca: trust, allowPartialTrustChain: true });
  return pinOf((issuer ?? leaf!).raw);
};

/**
 * The certificate that a pin stands for, PEM, as the API at a URL shows it: to be trusted, and nobody else, by the connection on which
 * something is said. On this one nothing is. @throws CliError `api.not-trusted`, `api.unreachable`
 */
export const pinned = async (url: string, pin: string): Promise<string> => {
  const shown = await shake(url, { rejectUnauthorized: false });
  const meant = shown.find(({ raw }) => pinOf(raw) === pin);
  if (meant) return new X509Certificate(meant.raw).toString();
  throw notTrusted(url, 'the certificate that it was to show is another now');
};

/** What it shows, leaf first. */
const shake = (url: string, trust: ConnectionOptions): Promise<DetailedPeerCertificate[]> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const host = hostname.replace(/^\[|\]$/g, '');
    const options = { host, port: Number(port || 443), ...(isIP(host) === 0 && { servername: host }), ...trust };
    const socket = connect(options, () => {
      resolve(chainOf(socket.getPeerCertificate(true)));
      socket.destroy();
    });
    socket.setTimeout(WITHIN_MS, () => socket.destroy(new Error(`it says nothing within ${WITHIN_MS / 1_000} s`)));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const isOfNet = error.syscall !== undefined || error.code === undefined;
      reject(isOfNet ? unreachable(url, error) : notTrusted(url, error.message));
    });
  });

const chainOf = (leaf: DetailedPeerCertificate): DetailedPeerCertificate[] => {
  const chain = [leaf];
  for (let last = leaf; ;) {
    const issuer = last.issuerCertificate as DetailedPeerCertificate | undefined; // absent where it was not shown
    if (!issuer || chain.includes(issuer)) return chain;
    chain.push(issuer);
    last = issuer;
  }
};

const notTrusted = (url: string, why: string): CliError =>
  new CliError('api.not-trusted', `${url} proves itself by nobody who is trusted here: ${why}. It was told nothing.`, {
    exit: EXIT.unreachable,
  });

const unreachable = (url: string, { message }: Error): CliError =>
  new CliError('api.unreachable', `No answer from ${url}: ${message}. Is it running, and is the address right?`, {
    exit: EXIT.unreachable,
  });
