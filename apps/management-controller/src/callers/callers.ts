import { Rejection } from '@caravan/event-store';
import type { Actor } from '@caravan/events';
import { shownBy } from '@caravan/platform';
import type { PeerLog, UnreadRequest } from '@caravan/platform';
import type { Administrators } from './administrators.js';
import type { Bearer } from './bearer.js';
import type { JoinTokenDoor } from './join-token-door.js';

/** Of what is said about a certificate, whose names strangers choose. */
const MOST_CHARACTERS = 300;

type Asked = Pick<UnreadRequest, 'headers' | 'path' | 'socket' | 'method'> & { actor?: Actor };

/** Who asks the API: by a token, by a certificate, or by both, which are both right then; or who joins. Asked before a body is read. */
export class Callers {
  constructor(
    private readonly bearer: Pick<Bearer, 'admit'>,
    private readonly administrators: Pick<Administrators, 'actorOf'>,
    private readonly joinTokens: Pick<JoinTokenDoor, 'isFor' | 'admit'>,
    private readonly peerLog: Pick<PeerLog, 'warn'>,
  ) {}

  /** @throws Rejection `request.unauthenticated`; `request.forbidden`: somebody else’s page asks */
  admit(request: Asked): void {
    if (this.joinTokens.isFor(request)) return this.joinTokens.admit(request);
    const certificate = shownBy(request);
    // A wrong one is refused wherever it is shown: nobody is to believe that it is of use.
    const actor = certificate === undefined ? undefined : this.#shownBy(certificate, request);
    const hasToken = request.headers.authorization !== undefined;
    if (actor && !hasToken) requireOwnSite(request);
    if (!actor || hasToken) this.bearer.admit(request);
    if (actor) request.actor = actor;
  }

  /** Each reason has its line: among those who guess tokens it would be left out. */
  #shownBy(certificate: string, { socket }: Asked): Actor {
    try {
      return this.administrators.actorOf(certificate);
    } catch (error) {
      // Without a reason it is not the certificate that is wrong: nobody can be judged now, which is logged as any refusal is.
      if (error instanceof Rejection && typeof error.details['reason'] === 'string') {
        const { reason, detail } = error.details;
        this.peerLog.warn(
          reason,
          { peer: socket.remoteAddress },
          `certificate refused: ${String(detail).slice(0, MOST_CHARACTERS)}`,
        );
      }
      throw error;
    }
  }
}

/**
 * A browser shows a certificate for any page that sends a form here, and says which (Fetch Metadata, Origin); it sends a token for none. What
 * changes nothing may be asked for by anybody: its answer is not theirs to read.
 */
function requireOwnSite({ method, headers }: Pick<Asked, 'method' | 'headers'>): void {
  if (method === 'GET' || method === 'HEAD') return;
  const { origin, host } = headers;
  const site = String(headers['sec-fetch-site'] ?? 'none');
  const isOwn = ['same-origin', 'none'].includes(site) && (origin === undefined || origin === `https://${host}`);
  if (isOwn) return;
  const detail =
    'The page of another site asks this with the certificate of your browser. Ask from here, or with a token.';
  throw new Rejection('request.forbidden', { detail });
}
