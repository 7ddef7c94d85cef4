import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { healthSubject, selfReportSchema } from '@caravan/events';
import type { SelfReport } from '@caravan/events';
import { NATS, SERVICE } from '@caravan/platform';
import type { Condition, Service } from '@caravan/platform';
import type { NatsConnection } from '@nats-io/transport-node';

/** The other services of the management plane, and what it means that one is away. */
const PEERS: Readonly<Record<string, string>> = {
  'cert-service': 'no certificate is signed; what asks for one waits',
  'router-config': 'sites hear of no change, and new ones of nothing',
};

const ASK_EVERY_MS = 2_000;
const ANSWER_WITHIN_MS = 1_500;
/** Replicas answer side by side; when they pause they have all answered. */
const PAUSE_MS = 200;
/** One that restarts is away for a moment, and so is a connection that is made anew. */
const AWAY_AFTER = 2;

interface Peer {
  /** What they said last; none once they are away. */
  reports: readonly SelfReport[];
  /** How often in a row nobody answered; undefined before anybody was asked. */
  silent: number | undefined;
  /** How often in a row nobody could be asked: our own connection is away. */
  cutOff: number;
}

/** How the other services are, as their replicas say themselves; asked from time to time. */
@Injectable()
export class Peers implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #peers = new Map<string, Peer>();
  readonly #timer: NodeJS.Timeout;
  #asking: Promise<unknown> | undefined;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(SERVICE) service: Service,
  ) {
    for (const [name, consequence] of Object.entries(PEERS)) {
      const peer: Peer = { reports: [], silent: undefined, cutOff: 0 };
      this.#peers.set(name, peer);
      service.health.watch(name, () => {
        if (isNotKnown(peer)) return notKnown(name);
        if (peer.reports.length > 0) return undefined;
        if (peer.silent === undefined) return { says: `${name} was not heard of yet`, hinders: false };
        const says = `${name} does not answer: ${consequence}`;
        return {
          says,
          status: 'away',
          code: 'service.away',
          remedy: `start ${name}, and look at its log`,
          hinders: false,
        };
      });
    }
    this.#timer = setInterval(() => void this.ask(), ASK_EVERY_MS).unref();
  }

  onApplicationBootstrap(): void {
    void this.ask();
  }

  /** What each replica said last; nothing of whom nobody can be asked about: that it was well is no news. */
  reports(): readonly SelfReport[] {
    return [...this.#peers.values()].flatMap((peer) => (isNotKnown(peer) ? [] : peer.reports));
  }

  /** Asks all of them once; who is being asked is not asked beside that, since one silence would count twice. */
  async ask(): Promise<void> {
    this.#asking ??= Promise.all([...this.#peers].map(([name, peer]) => this.askOne(name, peer))).finally(
      () => (this.#asking = undefined),
    );
    await this.#asking;
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  private async askOne(name: string, peer: Peer): Promise<void> {
    const reports = await this.answers(name);
    // A connection that is lost says so itself, and tells nothing about others.
    peer.cutOff = reports ? 0 : peer.cutOff + 1;
    if (!reports) return;
    peer.silent = reports.length > 0 ? 0 : (peer.silent ?? 0) + 1;
    if (peer.silent === 0 || peer.silent >= AWAY_AFTER) peer.reports = reports;
  }

  private async answers(name: string): Promise<SelfReport[] | undefined> {
    const reports: SelfReport[] = [];
    try {
      const options = { strategy: 'stall', maxWait: ANSWER_WITHIN_MS, stall: PAUSE_MS } as const;
      for await (const answer of await this.nats.requestMany(healthSubject(name), '', options)) {
        const report = selfReportSchema.safeParse(jsonOf(answer.string()));
        if (report.success) reports.push(report.data);
      }
    } catch {
      return (await this.isConnected()) ? [] : undefined;
    }
    return reports.length > 0 || (await this.isConnected()) ? reports : undefined;
  }

  private async isConnected(): Promise<boolean> {
    const answered = new Promise<boolean>((resolve) => {
      setTimeout(() => resolve(false), ANSWER_WITHIN_MS).unref();
      this.nats.flush().then(
        () => resolve(true),
        () => resolve(false),
      );
    });
    return answered;
  }
}

const isNotKnown = ({ cutOff }: Peer): boolean => cutOff >= AWAY_AFTER;

const notKnown = (name: string): Condition => ({
  says: `how ${name} is, is not known: NATS does not answer, by which it would be asked`,
  code: 'service.not-known',
  remedy: 'see what is said of nats and of the log',
  hinders: false,
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
