import { Inject, Injectable } from '@nestjs/common';
import { CLOSING_STATEMENT } from '@caravan/api';
import type { ClosingStatement } from '@caravan/api';
import { MemberRemoved, memberStream, NetworkDeleted, networkStream } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import type { EventStore } from '@caravan/event-store';
import { CLOCK, EVENT_STORE } from '@caravan/platform';
import type { Clock } from '@caravan/platform';
import { In } from 'typeorm';
import { Directory } from '../directory/directory.js';
import { INSTALLATION } from '../installation.js';
import { PROGRESS } from '../read-models/progress.js';
import type { Progress } from '../read-models/progress.js';
import { ReadModels } from '../read-models/read-models.js';
import { withNames } from '../read-models/site-names.js';
import { RevocationEnforcing } from './enforcing.js';
import type { Unconfirmed } from '../reports/site-sightings.js';
import type { RevocationRow } from './revocation.projection.js';
import { StatementSigner } from './statement-signer.js';

type Invalidated = ClosingStatement['certificates'][number];
type Valid = Omit<Invalidated, 'kind'>;

/** With what the life of whoever was evicted ends. */
const ENDS: ReadonlySet<string> = new Set([MemberRemoved.type, NetworkDeleted.type]);

/** What can be said of an eviction, or of the end of a network, by who signs it. */
@Injectable()
export class ClosingStatements {
  constructor(
    private readonly readModels: ReadModels,
    private readonly enforcing: RevocationEnforcing,
    private readonly directory: Directory,
    private readonly signer: StatementSigner,
    @Inject(EVENT_STORE) private readonly log: EventStore,
    @Inject(PROGRESS) private readonly progress: Pick<Progress, 'position'>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(INSTALLATION) private readonly installation: string,
  ) {}

  /** @throws Rejection `revocation.without-statement` of what nobody takes part with */
  async signed(revocation: RevocationRow): Promise<string> {
    return this.signer.sign(CLOSING_STATEMENT, await this.of(revocation));
  }

  /** @throws Rejection `projection.behind` in the moment in which the last router has confirmed and the rows do not say so yet */
  async of(revocation: RevocationRow): Promise<ClosingStatement> {
    const { id: revocationId, targetKind: kind, targetId, name, reason, createdAt, enforcedAt } = revocation;
    const position = this.progress.position(); // before the rest: that may say more
    const naming = { models: this.readModels, directory: this.directory };
    const [certificates, goneAt, confirmed, unconfirmed] = await Promise.all([
      this.#invalidated(revocation),
      this.#goneAt(revocation),
      withNames(revocation.confirmed, naming),
      this.#unconfirmed(revocation).then((sites) => withNames(sites, naming)),
    ]);
    return {
      installation: this.installation,
      revocationId,
      what: { kind, id: targetId, name },
      reason,
      requestedAt: createdAt,
      certificates: certificates.sort((one, other) => (one.serial < other.serial ? -1 : 1)),
      confirmed,
      unconfirmed,
      enforcedAt,
      goneAt,
      position,
      statedAt: this.clock.now().toISOString(),
    };
  }

  /** As of the row, so that each router is in one of the two lists. */
  async #unconfirmed({ id, enforcedAt, confirmed }: RevocationRow): Promise<Unconfirmed[]> {
    if (enforcedAt !== null) return [];
    const missing = await this.enforcing.unconfirmed(id, new Set(confirmed.map(({ siteId }) => siteId)));
    if (missing) return missing;
    throw new Rejection('projection.behind', {
      detail: 'The last router has confirmed, and the lists do not say so yet.',
    });
  }

  async #invalidated({ targetKind, targetId, createdAt }: RevocationRow): Promise<Invalidated[]> {
    const { authorities, certificates } = this.readModels;
    const wasValid = ({ notAfter }: Valid): boolean => notAfter > createdAt;
    switch (targetKind) {
      case 'member':
        return (await certificates.all({ holderKind: 'member', holderId: targetId }))
          .filter(wasValid)
          .map(shown('member'));
      case 'network': {
        const own = await authorities.all({ networkId: targetId });
        const issued = await certificates.all({ issuerId: In(own.map(({ id }) => id)) });
        const of = (wanted: 'claim' | 'member') => issued.filter(({ holderKind }) => holderKind === wanted);
        return [
          ...own.filter(wasValid).map(shown('authority')),
          ...of('claim').filter(wasValid).map(shown('claim')),
          ...of('member').filter(wasValid).map(shown('member')),
        ];
      }
      case 'certificate':
      case 'backbone-site': {
        const detail = 'There is one of members and networks that were evicted, and of networks that ended.';
        throw new Rejection('revocation.without-statement', { detail });
      }
    }
  }

  async #goneAt({ targetKind, targetId }: RevocationRow): Promise<string | null> {
    const stream = targetKind === 'network' ? networkStream(targetId) : memberStream(targetId);
    const { events } = await this.log.read(stream);
    return events.find(({ type }) => ENDS.has(type))?.at ?? null;
  }
}

const shown =
  (kind: Invalidated['kind']) =>
  ({ subject, serial, fingerprint, notAfter }: Valid): Invalidated => ({
    kind,
    subject,
    serial,
    fingerprint,
    notAfter,
  });
