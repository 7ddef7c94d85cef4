import { createHash, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, rootCertificates } from 'node:tls';
import type { ConnectionOptions, DetailedPeerCertificate } from 'node:tls';
import { ApiError, unreachable } from '@caravan/api';
import { CliError } from '../failures/cli-error.js';
import { EXIT } from '../failures/exit-codes.js';

const WITHIN_MS = 10_000;

/** SHA-256 of the DER, base64url: what a join URL knows an API by. */
const pinOf = (der: Buffer): string => createHash('sha256').update(der).digest('base64url');

/**
 * By which certificate whoever has nothing else can know the API at a URL: that of who signed its own. Undefined: everybody trusts that anyway,
 * by the authorities that come with Node and not by those that this machine trusts besides.
 * @param trust PEM, by which whoever asks knows it
 * @throws ApiError `api.not-trusted`, `api.unreachable`; CliError `api.chain-not-shown`
 */
export const pinFor = async (url: string, trust: string | undefined): Promise<string | undefined> => {
  const byAll = { ca: [...rootCertificates], rejectUnauthorized: true };
  if (trust === undefined) return void (await shake(url, byAll));
  const proved = { ca: trust, allowPartialTrustChain: true, rejectUnauthorized: true };
  const shown = await shake(url, proved).catch(async (error: unknown) => {
    const isForAll = await shake(url, byAll).then(...BOTH);
    if (!isForAll) throw error;
    return undefined;
  });
  if (shown === undefined) return undefined;
  const [leaf, issuer] = shown;
  const pin = pinOf((issuer ?? leaf!).raw);
  // What was found may have come from what is trusted here, and whoever joins has what is shown, and that alone.
  await pinned(url, pin).catch((error: unknown) => {
    throw isAnother(error) ? notShown(url) : error;
  });
  return pin;
};

const BOTH = [() => true, () => false] as const;

/**
 * The certificate that a pin stands for, PEM, as the API at a URL shows it: to be trusted, and nobody else, by the connection on which
 * something is said. On this one nothing is. @throws ApiError `api.not-trusted`, `api.unreachable`
 */
export const pinned = async (url: string, pin: string): Promise<string> => {
  const shown = await shake(url, { rejectUnauthorized: false });
  const meant = shown.find(({ raw }) => pinOf(raw) === pin);
  if (meant) return new X509Certificate(meant.raw).toString();
  throw unreachable(url, Object.assign(new Error('it shows another certificate than it was to'), { code: ANOTHER }));
};

const ANOTHER = 'CERT_ANOTHER';
const isAnother = (error: unknown): boolean => error instanceof ApiError && error.problem.code === 'api.not-trusted';

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
    const late = setTimeout(
      () => socket.destroy(new Error(`it says nothing within ${WITHIN_MS / 1_000} s`)),
      WITHIN_MS,
    );
    socket.once('close', () => clearTimeout(late));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const isNoTls = error.code?.startsWith('ERR_SSL_') ?? false;
      reject(unreachable(url, isNoTls ? new Error('what answers there does not speak TLS') : error));
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

const notShown = (url: string): CliError =>
  new CliError(
    'api.chain-not-shown',
    `${url} shows its own certificate and not that of who signed it: nobody who joins could know it by that.`,
    {
      exit: EXIT.refused,
      remedy: 'put the certificate of its authority behind its own in the file that it shows (API_CERT_FILE)',
    },
  );
