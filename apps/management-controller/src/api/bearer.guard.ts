import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Rejection } from '@caravan/event-store';
import type { Actor } from '@caravan/events';
import type { Secret } from '@caravan/pki';

export const BOOTSTRAP_TOKEN = Symbol('bootstrap token');

/** Paths that need no token: they say nothing about this installation. */
const open = new Set(['/api/openapi.json', '/api/docs', '/api/docs/']);

/** Everybody is refused who does not bring the bootstrap token; who brings it is the service administrator. */
@Injectable()
export class BearerGuard implements CanActivate {
  readonly #expected: Buffer;

  constructor(@Inject(BOOTSTRAP_TOKEN) token: Secret<string>) {
    this.#expected = digest(token.reveal());
  }

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true; // sites are known by their certificates, at the NATS server
    const request = context
      .switchToHttp()
      .getRequest<{ headers: { authorization?: string }; path: string; actor?: Actor }>();
    if (open.has(request.path) || request.path.startsWith('/api/docs/')) return true;
    const token = /^Bearer (\S{1,500})$/i.exec(request.headers.authorization ?? '')?.[1];
    // Digests have one length, so that the comparison takes the same time whatever was sent.
    if (token === undefined || !timingSafeEqual(digest(token), this.#expected)) {
      throw new Rejection('request.unauthenticated', {
        detail: 'This needs the bootstrap token: send it as `Authorization: Bearer <token>`.',
      });
    }
    request.actor = { kind: 'administrator', id: 'bootstrap' };
    return true;
  }
}

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();
