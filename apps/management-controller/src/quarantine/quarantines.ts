import { Inject, Injectable } from '@nestjs/common';
import type { QuarantinedItem } from '@caravan/api';
import { quarantineReplySchema, quarantineSubject } from '@caravan/events';
import type { QuarantineRequest } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { NATS } from '@caravan/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import { askService } from '../asking/ask-service.js';

/** The services that react to the log; each has a quarantine of its own. */
const SERVICES = ['management-controller', 'cert-service'];
const PATIENCE_MS = 3_000;

/** What the reactions of all services have put aside. */
@Injectable()
export class Quarantines {
  constructor(@Inject(NATS) private readonly nats: NatsConnection) {}

  /** By position. `unknown`: the services that did not say. */
  async list(): Promise<{ items: QuarantinedItem[]; unknown: string[] }> {
    const asked = await Promise.all(
      SERVICES.map(async (service) => this.ask(service, { command: 'list' }).catch(() => service)),
    );
    const items = asked.flatMap((answer) => (typeof answer === 'string' ? [] : answer));
    return {
      items: items.sort((one, other) => one.position - other.position),
      unknown: asked.filter((answer) => typeof answer === 'string'),
    };
  }

  /** @throws Rejection `quarantine.unknown`, `service.unavailable`. */
  async find({ reaction, position }: { reaction: string; position: number }): Promise<QuarantinedItem> {
    const service = SERVICES.find((each) => reaction.startsWith(`${each}-`));
    const entries = service === undefined ? [] : await this.ask(service, { command: 'list' });
    const found = entries.find((entry) => entry.reaction === reaction && entry.position === position);
    if (found) return found;
    const detail = `${reaction} has put nothing aside at position ${position}.`;
    throw new Rejection('quarantine.unknown', { detail, reaction, position });
  }

  /**
   * Has its reaction handle it again; it stays where it is.
   * @throws Rejection `quarantine.retry-failed`, `quarantine.unknown`, `service.unavailable`.
   */
  async retry({ service, reaction, position }: QuarantinedItem): Promise<void> {
    await this.ask(service, { command: 'retry', reaction, position });
  }

  /** Takes it out, when what was decided about it is in the log. @throws Rejection `service.unavailable`. */
  async release({ service, reaction, position }: QuarantinedItem): Promise<void> {
    await this.ask(service, { command: 'release', reaction, position });
  }

  private async ask(service: string, request: QuarantineRequest): Promise<QuarantinedItem[]> {
    const question = { service, subject: quarantineSubject(service), request, patienceMs: PATIENCE_MS };
    const { entries } = quarantineReplySchema.parse(await askService(this.nats, question));
    return entries.map((entry) => ({ service, ...entry }));
  }
}
