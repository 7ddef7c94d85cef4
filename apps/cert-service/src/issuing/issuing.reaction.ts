import { Controller, Inject } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import {
  AccessPointCertificateRequested,
  BackboneSiteCertificateRequested,
  BackboneSiteEnrolled,
  BootstrapRequested,
  InvitationCredentialRequested,
  ManageLinkCertificateRequested,
  ManagementSiteCertificateRequested,
  MemberAdmitted,
  MemberCertificateRequested,
} from '@caravan/events';
import type { RecordedEvent } from '@caravan/event-store';
import { CLOCK, consequenceOf, Recorded, SERVICE } from '@caravan/platform';
import type { Clock, Service } from '@caravan/platform';
import { Issuing } from './issuing.js';
import { orWait } from './or-wait.js';
import { signingRequest } from './signing-request.js';
import type { AskingEvent } from './signing-request.js';
import { Waiting } from './waiting.js';

/** Whatever asks for a certificate gets one, or the reason why not. */
@Controller()
export class IssuingReaction {
  constructor(
    @Inject(Issuing) private readonly issuing: Issuing,
    @Inject(Waiting) private readonly waiting: Waiting,
    @Inject(SERVICE) private readonly service: Service,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @EventPattern(
    [
      InvitationCredentialRequested.type,
      MemberAdmitted.type,
      MemberCertificateRequested.type,
      BootstrapRequested.type,
      BackboneSiteEnrolled.type,
      BackboneSiteCertificateRequested.type,
      AccessPointCertificateRequested.type,
      ManageLinkCertificateRequested.type,
      ManagementSiteCertificateRequested.type,
    ],
    { reaction: 'issuing' },
  )
  async requested(@Recorded() event: RecordedEvent<AskingEvent>): Promise<void> {
    const cause = consequenceOf(event, this.service, this.clock);
    await orWait(this.waiting, () => this.issuing.issue(signingRequest(event, this.issuing.installation), cause));
  }
}
