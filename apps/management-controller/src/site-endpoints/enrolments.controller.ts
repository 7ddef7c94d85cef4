import { Controller, Inject } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { enrolRequestSchema, sitePattern } from '@caravan/events';
import type { EnrolRequest, JoinReply } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { readCsr } from '@caravan/pki';
import { CLOCK, derivedId, Message, SubjectId } from '@caravan/platform';
import type { Clock } from '@caravan/platform';
import { Deciders } from '../deciding/deciders.js';
import { CurrentDirectory } from '../directory/current-directory.js';
import { ReadModels } from '../read-models/read-models.js';
import { JoinReplies } from './join-replies.js';
import { Recoveries } from './recoveries.js';
import { siteMetadata } from '../deciding/metadata.js';

/** A backbone site's first start, with the certificate of its bundle; or it comes back with one, after its own was over. */
@Controller()
export class EnrolmentsController {
  constructor(
    private readonly deciders: Deciders,
    private readonly directory: CurrentDirectory,
    private readonly readModels: ReadModels,
    private readonly replies: JoinReplies,
    private readonly recoveries: Recoveries,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @MessagePattern(sitePattern('enrol'))
  async enrol(
    @SubjectId() siteId: string,
    @Message(enrolRequestSchema) { capability, csr, recovery }: EnrolRequest,
  ): Promise<JoinReply> {
    if (recovery) return this.recoveries.ofBackboneSite(siteId, { capability, csr, recovery });
    const claimantKey = readCsr(csr).publicKeyFingerprint;
    const site = await this.directory.find(({ backboneSites }) => backboneSites, siteId);
    if (!site) throw new Rejection('backbone-site.unknown', { siteId });
    const { backboneId } = site;
    const row = await this.readModels.backboneSites.find({ id: siteId });
    if (!row) throw new Rejection('projection.behind', { detail: `The lists do not know site ${siteId} yet.` });
    const { state } = await this.deciders.backboneSite({
      type: 'EnrolSite',
      siteId,
      backboneId,
      certificateId: derivedId('backbone site certificate', siteId, claimantKey),
      claimantKey,
      csr,
      metadata: siteMetadata({ kind: 'bootstrap', id: siteId }, ['enrol', siteId, claimantKey], this.clock.now()),
    });
    if (state.status !== 'enrolled') throw new Error(`site ${siteId} enrolled, and its state does not say so`);
    const { certificateId } = state.enrolment;
    return this.replies.of({ siteId, name: row.name, networkId: null, certificateId }, capability);
  }
}
