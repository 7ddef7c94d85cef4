import { createHash } from 'node:crypto';
import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import { API_BASE_PATH, join } from '@caravan/api';
import { Rejection } from '@caravan/event-store';
import type { Actor } from '@caravan/events';
import type { Clock, UnreadRequest } from '@caravan/platform';
import { WriteRates } from '../deciding/write-rates.js';
import type { JoinTokenEntry } from '../directory/entries.js';
import { bearerOf } from './bearer.js';

/** A class of a hundred comes at once; whoever asks for ever fills the log with a certificate a second and no more. */
const RATE = { burst: 120, perSecond: 1 };

type Asked = Pick<UnreadRequest, 'headers' | 'path'> & { actor?: Actor; joinToken?: JoinTokenEntry };

/** The one path for whoever has a join token: it is good for nothing else, and nothing else is good for it. */
export class JoinTokenDoor {
  readonly #rates = new WriteRates(RATE, { code: 'join-token.too-fast', whose: 'This join token' });

  constructor(
    /** By the SHA-256 of their secret. @throws Rejection `directory.halted` where it may know less than the log */
    private readonly tokens: { get(secretHash: string): JoinTokenEntry | undefined },
    private readonly clock: Clock,
  ) {}

  isFor({ path }: Asked): boolean {
    return path === API_BASE_PATH + join.path;
  }

  /** @throws Rejection `request.unauthenticated`, `join-token.too-fast` */
  admit(request: Asked): void {
    const secret = bearerOf(request);
    // What is looked up is a digest: how long that takes says nothing of any secret.
    const token = secret === undefined ? undefined : this.tokens.get(sha256(secret));
    if (!token) throw unknown();
    this.#rates.pay(token.joinTokenId, this.clock.now());
    request.actor = { kind: 'claim', id: token.invitationId };
    request.joinToken = token;
  }
}

/** The token that a request came with. @throws Rejection `request.unauthenticated`: it came in by another door */
export const TheJoinToken = createParamDecorator((_: unknown, context: ExecutionContext): JoinTokenEntry => {
  const { joinToken } = context.switchToHttp().getRequest<{ joinToken?: JoinTokenEntry }>();
  if (!joinToken) throw unknown();
  return joinToken;
});

const sha256 = (secret: string): string => createHash('sha256').update(secret).digest('hex');

const unknown = (): Rejection =>
  new Rejection('request.unauthenticated', {
    detail: 'This needs a join token, and none is known by what was sent: it was withdrawn, or the link is not whole.',
  });
