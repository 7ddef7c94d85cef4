import { createHash } from 'node:crypto';
import { Rejection } from '@caravan/event-store';
import { signCrl } from '@caravan/pki';
import type { RevokedCertificate } from '@caravan/pki';
import type { Clock } from '@caravan/platform';
import type { Authorities } from '../authorities/authorities.js';
import type { RevocationList, Revocations } from './revocations.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long a list may be taken for the newest, and from when on it is signed anew though nothing changed. */
const LASTS_MS = 7 * DAY_MS;
const RENEWED_AFTER_MS = DAY_MS;

/**
 * Lists of revoked certificates, one for each authority, signed when somebody asks for one and what it says has changed or has grown
 * old: an authority that nobody asks about costs nothing.
 */
export class RevocationLists {
  constructor(
    private readonly authorities: Pick<Authorities, 'findById'>,
    private readonly revocations: Pick<Revocations, 'of' | 'list' | 'keep'>,
    private readonly clock: Clock,
    /** Whether what is revoked is known up to the end of the log. */
    private readonly knowsAll: () => Promise<boolean>,
  ) {}

  /** @throws Rejection `authority.unknown`, `authority.key-elsewhere`, `service.unavailable` */
  async of(authorityId: string): Promise<RevocationList> {
    const authority = await this.authorities.findById(authorityId);
    if (!authority) throw new Rejection('authority.unknown', { authorityId });
    const issuer = authority.credential;
    if (!issuer) throw new Rejection('authority.key-elsewhere', { detail: 'Whoever has its key publishes its list.' });
    // A list that is signed from half of the log would say of the rest, for a week, that it is valid.
    if (!(await this.knowsAll())) return this.#last(authorityId);
    for (;;) {
      const now = this.clock.now();
      // In this order: what a list has that is kept meanwhile must not be missing from the one after it.
      const kept = await this.revocations.list(authorityId);
      const revoked = await this.revocations.of(authorityId, now);
      const covers = digestOf(revoked);
      const age = kept ? now.getTime() - kept.thisUpdate.getTime() : Infinity;
      if (kept?.covers === covers && age < RENEWED_AFTER_MS) return kept;
      const times = { thisUpdate: now, nextUpdate: new Date(now.getTime() + LASTS_MS) };
      const number = (kept?.number ?? 0n) + 1n;
      const { der } = signCrl({ issuer, number, ...times, revoked });
      const list = { number, ...times, covers, der };
      // Another replica may have signed the same number meanwhile: its list counts, if it says as much.
      if (await this.revocations.keep(authorityId, list)) return list;
    }
  }

  async #last(authorityId: string): Promise<RevocationList> {
    const kept = await this.revocations.list(authorityId);
    if (kept && kept.nextUpdate > this.clock.now()) return kept;
    const detail =
      'It is not known yet what is revoked: ask again in a moment; caravan status says how far the log was read.';
    throw new Rejection('service.unavailable', { detail });
  }
}

const digestOf = (revoked: readonly RevokedCertificate[]): string =>
  createHash('sha256')
    .update(JSON.stringify(revoked.map(({ serial, revokedAt, reason }) => [serial, revokedAt.getTime(), reason])))
    .digest('hex');
