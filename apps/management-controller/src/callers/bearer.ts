import { createHash, timingSafeEqual } from 'node:crypto';
import { Rejection } from '@caravan/event-store';
import type { Actor } from '@caravan/events';
import type { Secret } from '@caravan/pki';
import { JOIN_PAGE } from '../api/join-page.js';
import type { UnreadRequest } from '@caravan/platform';

/** Paths that need no token: they say nothing about this installation but what everybody may know. */
const open = new Set(['/api/openapi.json', '/api/docs', '/api/docs/', JOIN_PAGE]);
const openBelow = ['/api/docs/', '/crl/'];

/**
 * Everybody is refused who does not bring the bootstrap token; who brings it is the service administrator. Asked before the body
 * is read: a stranger costs a digest.
 */
export class Bearer {
  readonly #expected: Buffer;

  constructor(token: Secret<string>) {
    this.#expected = digest(token.reveal());
  }

  /** @throws Rejection `request.unauthenticated` */
  admit(request: Pick<UnreadRequest, 'headers' | 'path'> & { actor?: Actor }): void {
    if (open.has(request.path) || openBelow.some((beginning) => request.path.startsWith(beginning))) return;
    const token = bearerOf(request);
    // Digests have one length, so that the comparison takes the same time whatever was sent.
    if (token === undefined || !timingSafeEqual(digest(token), this.#expected)) {
      throw new Rejection('request.unauthenticated', {
        detail:
          'This needs the bootstrap token: send it as `Authorization: Bearer <token>`. Over TLS an administrator’s certificate will do too.',
      });
    }
    request.actor = { kind: 'administrator', id: 'bootstrap' };
  }
}

/** What follows `Authorization: Bearer`. */
export const bearerOf = ({ headers }: Pick<UnreadRequest, 'headers'>): string | undefined =>
  /^Bearer (\S{1,500})$/i.exec(headers.authorization ?? '')?.[1];

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();
