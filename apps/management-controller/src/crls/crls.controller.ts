import { Controller, Get, Header, Inject, Param, StreamableFile } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { revocationListReplySchema, revocationListSubject } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { crlPem } from '@caravan/pki';
import { CLOCK, NATS } from '@caravan/platform';
import type { Clock } from '@caravan/platform';
import { askService } from '../asking/ask-service.js';
import { ReadModels } from '../read-models/read-models.js';

const PATIENCE_MS = 6_000;
/** Whoever asks again within this time gets the same: a stranger's questions cost one signature at most. */
const KEPT_MS = 5_000;
const MOST_KEPT = 1_000;
const FILE = /^([0-9a-f-]{36})\.(crl|pem)$/;

interface Kept {
  readonly at: number;
  readonly der: Promise<Buffer>;
}

/**
 * Lists of revoked certificates (RFC 5280, 5) for whoever meets one: `<authority id>.crl` is DER, `.pem` the same as text. No token is
 * asked for: a verifier has none, and what is listed says nothing of what it was for.
 */
@Controller('/crl')
export class CrlsController {
  readonly #kept = new Map<string, Kept>();

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    private readonly readModels: ReadModels,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get(':file')
  @Header('Cache-Control', 'public, max-age=60')
  async list(@Param('file') file: string): Promise<StreamableFile> {
    const [, authorityId, form] = FILE.exec(file) ?? [];
    if (authorityId === undefined) throw new Rejection('authority.unknown', { file });
    const der = await this.#listOf(authorityId);
    return form === 'crl'
      ? new StreamableFile(der, { type: 'application/pkix-crl' })
      : new StreamableFile(Buffer.from(crlPem(der)), { type: 'application/x-pem-file' });
  }

  async #listOf(authorityId: string): Promise<Buffer> {
    const now = this.clock.now().getTime();
    const kept = this.#kept.get(authorityId);
    if (kept && now - kept.at < KEPT_MS) return kept.der;
    const authority = await this.readModels.authorities.find({ id: authorityId });
    if (!authority) throw new Rejection('authority.unknown', { authorityId });
    const der = this.#ask(authorityId);
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    this.#kept.set(authorityId, { at: now, der });
    der.catch(() => this.#kept.delete(authorityId));
    return der;
  }

  async #ask(authorityId: string): Promise<Buffer> {
    const subject = revocationListSubject(authorityId);
    const answer = await askService(this.nats, {
      service: 'cert-service',
      subject,
      request: {},
      patienceMs: PATIENCE_MS,
    });
    return Buffer.from(revocationListReplySchema.parse(answer).der, 'base64');
  }
}
