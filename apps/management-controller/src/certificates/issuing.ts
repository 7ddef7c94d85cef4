import { Inject, Injectable } from '@nestjs/common';
import { certificateStream } from '@caravan/events';
import type { CertificateEvent, CertificateIssued, EventOf } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import type { RecordedEvent, StreamWaiter } from '@caravan/event-store';
import { EVENT_STORE } from '@caravan/platform';

type Issued = RecordedEvent<EventOf<typeof CertificateIssued>>;

/** Waits for cert-service's answer to a request that is in the log. */
@Injectable()
export class Issuing {
  constructor(@Inject(EVENT_STORE) private readonly waiter: StreamWaiter) {}

  /**
   * The certificate, or undefined when it is not there in time: the request is in the log and will be answered.
   * @throws Rejection with cert-service's code when it will never be issued.
   */
  async within(ms: number, certificateId: string): Promise<Issued | undefined> {
    const answer = await this.waiter.waitForStream(
      certificateStream(certificateId),
      (events) => (events as readonly unknown[] as readonly RecordedEvent<CertificateEvent>[])[0],
      { signal: AbortSignal.timeout(ms) },
    );
    if (answer?.type === 'CertificateRefused') {
      const { code, detail } = answer.data;
      throw new Rejection(code, { detail });
    }
    return answer;
  }

  /** @throws Rejection `certificate.pending` when it takes longer: the same request again finds it. */
  async required(ms: number, certificateId: string): Promise<Issued> {
    const issued = await this.within(ms, certificateId);
    if (issued) return issued;
    const detail =
      'The certificate is not signed yet; is cert-service running? Send the same request again in a moment.';
    throw new Rejection('certificate.pending', { detail, certificateId });
  }
}

/** Leaf first, then the authorities up to but without the root. */
export const chainOf = ({ data }: Issued): string[] => [data.certificate, ...data.chain];
