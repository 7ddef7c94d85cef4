import type { SecureContexts } from '../admission/secure-contexts.js';
import { isExpected, isRevoked, peerOf } from '../admission/peer.js';
import type { Timing } from '../limits.js';
import { dial } from './dial.js';
import type { DialTarget } from './dialled-line.js';
import type { Role } from './facet.js';
import { alpnOf } from './facet.js';
import type { Line } from './line.js';
import type { Lines } from './lines.js';

interface Deps {
  readonly contexts: SecureContexts;
  readonly timing: Timing;
  readonly lines: Lines;
}

/** Dials one line of a link. Rejects with words for people; a line that resolves has still to be greeted. */
export async function openLine(
  { contexts, timing, lines }: Deps,
  { item, credential, token }: DialTarget,
  role: Role,
  signal: AbortSignal,
): Promise<Line> {
  const { id, access, host, port, serverName, trust, reach, cost } = item;
  const context = contexts.for(credential, trust);
  const socket = await dial({ host, port, serverName, alpn: alpnOf(role), context, timeoutMs: timing.dialMs }, signal);
  const peer = peerOf(socket);
  const refused = (why: string): Error => {
    socket.destroy();
    return new Error(why);
  };
  if (!peer) throw refused(`${host}:${port} presented a certificate that cannot be read`);
  if (isRevoked(peer, item)) throw refused(`the certificate of ${host}:${port} was revoked`);
  if (!isExpected(peer, item)) {
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
