/** What a socket binds to take callers on every address: no name that a certificate could prove. */
const WILDCARDS = new Set(['0.0.0.0', '::']);

/** An IPv6 address as sockets and certificates take it, without the brackets of a URL. */
export const bareHost = (host: string): string => host.replace(/^\[(.*)\]$/, '$1');

/** The host to prove: the one others dial, else the one it is bound to; undefined when that is every host. */
export function certificateHostOf(host: string | null, bindHost: string): string | undefined {
  if (host !== null) return bareHost(host);
  const bound = bareHost(bindHost);
  return WILDCARDS.has(bound) ? undefined : bound;
}
