import { authorityCertificateStream } from '@caravan/events';
import type { AuthorityCertificateEvent } from '@caravan/events';
import type { EventStore } from '@caravan/event-store';
import { Awaiting } from '../authorities/awaiting.js';
import { certificateOf } from './issuer.js';
import type { AuthorityRequest, Issuer } from './issuer.js';

/** People, who sign the request wherever the root's key is, and bring the certificate to the API. */
export class OfflineIssuer implements Issuer {
  constructor(private readonly log: Pick<EventStore, 'read'>) {}

  async answerTo(request: AuthorityRequest): Promise<string> {
    const { events } = await this.log.read(authorityCertificateStream(request.authorityId));
    const brought = (events as readonly AuthorityCertificateEvent[]).at(-1)?.data;
    if (brought) return [brought.certificate, ...brought.intermediates].join('\n');
    throw new Awaiting(`${certificateOf(request)} which is signed offline (caravan get authority-requests)`);
  }
}
