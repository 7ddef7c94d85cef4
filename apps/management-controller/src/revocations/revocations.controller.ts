import { Controller, Inject } from '@nestjs/common';
import { getClosingStatement, getRevocation, listRevocations, revoke } from '@caravan/api';
import type { Revocation, RevocationProgress } from '@caravan/api';
import { Rejection } from '@caravan/event-store';
import { CLOCK } from '@caravan/platform';
import type { Clock } from '@caravan/platform';
import { Written } from '../api/answer.interceptor.js';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import { Deciders } from '../deciding/deciders.js';
import { Directory } from '../directory/directory.js';
import { ReadModels } from '../read-models/read-models.js';
import { withNames } from '../read-models/site-names.js';
import { ClosingStatements } from './closing-statements.js';
import { RevocationEnforcing } from './enforcing.js';
import { revocationIdOf } from './revocation-id.js';
import type { RevocationRow } from './revocation.projection.js';
import { Targets } from './targets.js';

/** As many as an answer names of those that are waited for. */
const MOST_NAMED = 100;

@Controller()
export class RevocationsController {
  private readonly targets: Targets;

  constructor(
    private readonly deciders: Deciders,
    private readonly readModels: ReadModels,
    private readonly enforcing: RevocationEnforcing,
    private readonly directory: Directory,
    private readonly statements: ClosingStatements,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.targets = new Targets(readModels, directory.revocations, clock);
  }

  @Handle(revoke)
  async revoke(@TheCall() { body: { kind, id, reason }, metadata }: Call<typeof revoke>) {
    const revocationId = revocationIdOf(kind, id);
    const known = await this.readModels.revocations.find({ id: revocationId });
    // What was revoked may be gone by now: that it is asked for once more is no reason to refuse.
    if (known) {
      // One that ended was revoked by that: what is left of it goes now.
      if (kind === 'network')
        await this.deciders.network({ type: 'RevokeNetwork', networkId: id, isEviction: true, metadata });
      return this.progress(known);
    }
    const { target, name } = await this.targets.find(kind, id);
    const request = { type: 'RequestRevocation', revocationId, target, name, reason, metadata } as const;
    const { position } = await this.deciders.revocation(request);
    return new Written(position, async () => this.progress(await this.find(revocationId)));
  }

  @Handle(listRevocations)
  async list(@TheCall() { query: { networkId, backboneId, targetId, ...page } }: Call<typeof listRevocations>) {
    const where = { ...(networkId && { networkId }), ...(backboneId && { backboneId }), ...(targetId && { targetId }) };
    const { items, next } = await this.readModels.revocations.page(where, page);
    return { items: items.map(resource), next };
  }

  @Handle(getRevocation)
  async get(@TheCall() { params: { revocationId } }: Call<typeof getRevocation>) {
    return this.progress(await this.find(revocationId));
  }

  @Handle(getClosingStatement)
  async statement(@TheCall() { params: { revocationId } }: Call<typeof getClosingStatement>) {
    return { signed: await this.statements.signed(await this.find(revocationId)) };
  }

  private async find(revocationId: string): Promise<RevocationRow> {
    const row = await this.readModels.revocations.find({ id: revocationId });
    if (!row) throw new Rejection('revocation.unknown', { revocationId });
    return row;
  }

  private async progress(row: RevocationRow): Promise<RevocationProgress> {
    const waitingFor = await this.enforcing.waitingFor(row.id);
    const naming = { models: this.readModels, directory: this.directory };
    return {
      ...resource(row),
      confirmed: await withNames(row.confirmed, naming),
      waiting: waitingFor.length,
      waitingFor: await withNames(waitingFor.slice(0, MOST_NAMED), naming),
    };
  }
}

const resource = ({ createdPosition: _, ...row }: RevocationRow): Revocation => ({
  ...row,
  enforcedAfterMs: row.enforcedAt === null ? null : Date.parse(row.enforcedAt) - Date.parse(row.createdAt),
});
