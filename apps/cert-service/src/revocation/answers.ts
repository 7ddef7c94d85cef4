import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { REVOCATION_LIST_PATTERN, subjectId } from '@caravan/events';
import type { RevocationListReply } from '@caravan/events';
import { answerQuestions, NATS, SERVICE } from '@caravan/platform';
import type { Service } from '@caravan/platform';
import { RevocationLists } from './lists.js';

/** Tells the management controller the list of an authority, for whoever asks there. */
@Injectable()
export class RevocationListAnswers implements OnApplicationBootstrap, OnApplicationShutdown {
  #answering: Subscription | undefined;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(RevocationLists) private readonly lists: RevocationLists,
    @Inject(SERVICE) private readonly service: Service,
  ) {}

  onApplicationBootstrap(): void {
    const { nats, lists } = this;
    const { log, name } = this.service;
    const answer = async ({ subject }: { readonly subject: string }): Promise<RevocationListReply> => {
      const { number, thisUpdate, nextUpdate, der } = await lists.of(subjectId(subject));
      return {
        number: number.toString(),
        thisUpdate: thisUpdate.toISOString(),
        nextUpdate: nextUpdate.toISOString(),
        der: der.toString('base64'),
      };
    };
    this.#answering = answerQuestions({ nats, subject: REVOCATION_LIST_PATTERN, queue: name, log, answer });
  }

  onApplicationShutdown(): void {
    this.#answering?.unsubscribe();
  }
}
