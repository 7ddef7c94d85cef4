import { setTimeout as sleep } from 'node:timers/promises';
import { CAPABILITY, siteSubject, syncReplySchema } from '@caravan/events';
import type { SyncReply } from '@caravan/events';
import { JetStreamEventStore } from '@caravan/event-store/jetstream';
import { createLog, createMetrics, Health } from '@caravan/platform';
import type { Running, Service } from '@caravan/platform';
import { createInbox, errors } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import { id, INSTALLATION } from './names.fixture.js';
import type { LogEvent } from './model/index.js';
import { start } from './start.js';

/** A service as its main program starts it, with what it logged. */
export interface Started {
  readonly service: Service;
  readonly lines: string[];
  close(): Promise<unknown>;
}

export function newService(lines: string[]): Service {
  const name = 'router-config';
  const log = createLog(name, 'info', { write: (line) => void lines.push(line) });
  return { name, log, health: new Health(), metrics: createMetrics(name) };
}

export async function startRouterConfig(natsUrl: string): Promise<Started> {
  const lines: string[] = [];
  const service = newService(lines);
  const config = {
    CARAVAN_INSTALLATION: INSTALLATION,
    LOG_LEVEL: 'info' as const,
    NATS_URL: natsUrl,
    NATS_TLS_HANDSHAKE_FIRST: false,
  };
  const running: Running = await start(config, service);
  return { service, lines, close: () => running.close() };
}

/** The stream of an event: the id of its aggregate is in its data. */
function streamOf(event: LogEvent): `caravan.evt.${string}.${string}.${string}` {
  const [context, aggregate, field] = STREAMS.find(([, , , types]) => types.test(event.type))!;
  const data = event.data as Record<string, unknown>;
  return `caravan.evt.${context}.${aggregate}.${String(data[field])}`;
}

const STREAMS: [string, string, string, RegExp][] = [
  ['operations', 'log-entry', 'position', /^LogEntry/],
  ['trust', 'authority', 'authorityId', /^Authority/],
  ['trust-change', 'rotation', 'ownerId', /^Rotation/],
  ['trust-change', 'revocation', 'revocationId', /^Revocation/],
  ['topology', 'management-site', 'siteId', /^ManagementSite/],
  ['topology', 'backbone', 'backboneId', /^(Backbone|AccessPoint|Link|NetworkPlaced|NetworkWithdrawn)/],
  ['membership', 'network', 'networkId', /^Network/],
  ['membership', 'invitation', 'invitationId', /^Invitation/],
  ['membership', 'member', 'memberId', /^(Member|Listener|Connector)/],
];

let commands = 0;

/** Appends each event as a commit and returns the position of the last. */
export async function append(nats: NatsConnection, ...events: LogEvent[]): Promise<number> {
  const store = new JetStreamEventStore(nats);
  let position = 0;
  for (const event of events) {
    const stream = streamOf(event);
    const { revision, lastCommitHash } = await store.read(stream);
    const outcome = await store.append(stream, [event], {
      expectedRevision: revision,
      previousHash: lastCommitHash,
      metadata: {
        commandId: `command-${++commands}`,
        now: new Date('2026-01-01T12:00:00.000Z'),
        actor: { kind: 'administrator', id: 'spec' },
        via: 'api',
        source: 'spec',
        correlationId: 'spec',
        causationId: 'spec',
        ownerGroup: null,
      },
    });
    if (outcome.outcome !== 'appended') throw new Error(`not appended: ${outcome.outcome}`);
    position = outcome.position;
  }
  return position;
}

/** Asks again while nobody is there: a service that has just started is not yet known to the server. */
export async function ask(nats: NatsConnection, subject: string, body: unknown): Promise<unknown> {
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  for (let attempt = 1; ; attempt++) {
    try {
      return (await nats.request(subject, payload, { timeout: 8_000 })).json();
    } catch (error) {
      if (attempt === 10 || !(error instanceof errors.RequestError) || !error.isNoResponders()) throw error;
      await sleep(20);
    }
  }
}

/** All that answer one question, as they come. */
export function askAll(nats: NatsConnection, subject: string, body: unknown): unknown[] {
  const [inbox, replies] = [createInbox(), [] as unknown[]];
  nats.subscribe(inbox, { callback: (_, message) => void replies.push(message.json()) });
  nats.publish(subject, JSON.stringify(body), { reply: inbox });
  return replies;
}

/** As a site does. */
export const sync = async (
  nats: NatsConnection,
  siteName: string,
  revision: number,
  capability = CAPABILITY,
): Promise<SyncReply> =>
  syncReplySchema.parse(await ask(nats, siteSubject(id(siteName), 'sync'), { capability, revision }));
