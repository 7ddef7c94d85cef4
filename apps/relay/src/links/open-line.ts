import { suppliedNameOf } from '@caravan/data-plane';
import type { SecureContexts } from '../admission/secure-contexts.js';
import { isExpected, isRevoked, isSupplied, peerOf } from '../admission/peer.js';
import type { Timing } from '../limits.js';
import { dial } from './dial.js';
import type { Dialling } from './dialled-line.js';
import type { Role } from './facet.js';
import { alpnOf } from './facet.js';
import type { Line } from './line.js';
import type { Lines } from './lines.js';

interface Deps {
  readonly contexts: SecureContexts;
  readonly timing: Timing;
  readonly now: () => number;
  readonly lines: Lines;
}

/** Dials one line of a link. Rejects with words for people; a line that resolves has still to be greeted. */
export async function openLine(
  { contexts, timing, now, lines }: Deps,
  { item, credential, token }: Dialling,
  role: Role,
  signal: AbortSignal,
): Promise<Line> {
  const { id, access, host, port, serverName, trust, supplied, reach, cost } = item;
  const context = contexts.for(credential, [...trust, ...(supplied ?? [])]);
  const at = { host, port, serverName: supplied ? suppliedNameOf(serverName) : serverName };
  const socket = await dial({ ...at, alpn: alpnOf(role), context, timeoutMs: timing.dialMs }, signal);
  const peer = peerOf(socket);
  const refused = (why: string): Error => {
    socket.destroy();
    return new Error(why);
  };
  if (!peer) throw refused(`${host}:${port} presented a certificate that cannot be read`);
  if (isRevoked(peer, item)) throw refused(`the certificate of ${host}:${port} was revoked`);
  if (!isExpected(peer, item) && !isSupplied(peer, supplied, new Date(now()))) {
    throw refused(
      `${host}:${port} is ${peer.uris.join(' and ') || 'nobody'}, and not ${item.identities!.join(' or ')}`,
    );
  }
  return lines.start({
    socket,
    role,
    direction: 'dialled',
    access,
    itemId: id,
    serverName,
    reach,
    peer,
    identity: null,
    cost,
    token,
  });
}
