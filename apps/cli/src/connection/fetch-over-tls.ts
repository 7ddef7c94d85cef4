import { Agent, request } from 'node:https';
import { Readable } from 'node:stream';
import { createSecureContext } from 'node:tls';

/** All PEM. */
export interface TlsMaterial {
  /** The authorities that the server must be proved by, which need not be roots; absent: those that this system trusts. */
  readonly trust?: string | undefined;
  /** What the caller proves itself with. */
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
}

/**
 * As much of `fetch` as the API's client needs, by whom authorities of one's own are trusted and a certificate is shown: Node's own can
 * do neither. @throws Error of OpenSSL where the material is of no use
 */
export function fetchOverTls({ trust, certificate, key }: TlsMaterial): typeof fetch {
  const secureContext = createSecureContext({
    ...(trust !== undefined && { ca: trust, allowPartialTrustChain: true }),
    ...(certificate !== undefined && { cert: certificate }),
    ...(key !== undefined && { key }),
    // Before that, a certificate is shown to whoever answers. A proxy before the API may be older, and could not pass one on.
    minVersion: certificate === undefined ? 'TLSv1.2' : 'TLSv1.3',
  });
  const agent = new Agent({ keepAlive: true, secureContext });
  return (target, { method = 'GET', headers, body, signal } = {}) =>
    new Promise((resolve, reject) => {
      const options = { agent, method, headers: headers as Record<string, string>, ...(signal && { signal }) };
      const asked = request(target as URL, options, (answer) => {
        const { statusCode: status = 0, rawHeaders } = answer;
        const pairs = rawHeaders.flatMap((name, index): [string, string][] =>
          index % 2 === 0 ? [[name, rawHeaders[index + 1]!]] : [],
        );
        try {
          const isEmpty = [204, 205, 304].includes(status);
          resolve(
            new Response(isEmpty ? null : (Readable.toWeb(answer) as ReadableStream), { status, headers: pairs }),
          );
          if (isEmpty) answer.resume();
        } catch (error) {
          asked.destroy(error as Error); // a status that there is not
        }
      });
      asked.on('error', reject);
      asked.end(body as string | undefined);
    });
}
