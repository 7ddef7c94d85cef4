import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { INSTALLATION_TRUST_SUBJECT } from '@caravan/events';
import { answerQuestions, NATS, SERVICE } from '@caravan/platform';
import type { Service } from '@caravan/platform';
import { InstallationTrust } from './installation-trust.js';

/** Tells the management controller how far nats-servers and credential files have come. */
@Injectable()
export class InstallationTrustAnswers implements OnApplicationBootstrap, OnApplicationShutdown {
  #answering: Subscription | undefined;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(InstallationTrust) private readonly trust: InstallationTrust,
    @Inject(SERVICE) private readonly service: Service,
  ) {}

  onApplicationBootstrap(): void {
    const { nats, trust } = this;
    const { log, name: queue } = this.service;
    this.#answering = answerQuestions({
      ...{ nats, subject: INSTALLATION_TRUST_SUBJECT, queue, log },
      answer: () => trust.look(),
    });
  }

  onApplicationShutdown(): void {
    this.#answering?.unsubscribe();
  }
}
