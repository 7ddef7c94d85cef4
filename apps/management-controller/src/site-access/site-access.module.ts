import { readFileSync } from 'node:fs';
import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { CLOCK, isLost, LogWitness, natsOptions, openNats, SERVICE } from '@caravan/platform';
import type { Clock, Service } from '@caravan/platform';
import { DirectoryFold } from '../directory/directory.module.js';
import { LogStorage } from '../status/log-storage.js';
import type { Variables } from '../variables.js';
import { serveAuthCallout } from './auth-callout.js';
import { ConnectionOutcomes } from './connection-outcomes.js';
import { Kicking } from './kicking.js';
import { NatsServers } from './nats-servers.js';
import { signingKey } from './nats-jwt.js';
import { SystemConnection } from './system-connection.js';

const LOOK_FOR_ENDS_MS = 10_000;
const VARIABLES = Symbol('variables of the auth callout');

/** Decides at the NATS server who gets in: a connection of its own, in the account that only this may use. */
@Module({})
export class SiteAccessModule implements OnApplicationBootstrap, OnApplicationShutdown {
  #nats: NatsConnection | undefined;
  #system: NatsConnection | undefined;
  #subscription: Subscription | undefined;
  #storage: LogStorage | undefined;
  #ends: NodeJS.Timeout | undefined;

  constructor(
    @Inject(VARIABLES) private readonly variables: Variables,
    @Inject(SERVICE) private readonly service: Service,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly fold: DirectoryFold,
    private readonly witness: LogWitness,
    private readonly systemConnection: SystemConnection,
  ) {}

  static of(variables: Variables): DynamicModule {
    return { module: SiteAccessModule, providers: [{ provide: VARIABLES, useValue: variables }] };
  }

  async onApplicationBootstrap(): Promise<void> {
    const { variables, service } = this;
    const {
      CALLOUT_NKEY_SEED_FILE,
      CALLOUT_ISSUER_SEED_FILE,
      SYSTEM_NKEY_SEED_FILE,
      SITES_ACCOUNT,
      CARAVAN_INSTALLATION,
    } = variables;
    const options = natsOptions(
      { ...variables, NATS_NKEY_SEED_FILE: CALLOUT_NKEY_SEED_FILE },
      `${service.name}-auth-callout`,
    );
    this.#nats = await openNats(options, service, 'nats (auth callout)');
    const systemOptions = natsOptions(
      { ...variables, NATS_NKEY_SEED_FILE: SYSTEM_NKEY_SEED_FILE },
      `${service.name}-system`,
    );
    this.#system = await openNats(systemOptions, service, 'nats (system)');
    this.systemConnection.opened(this.#system);
    this.#storage = new LogStorage(this.#system, service.health);
    const clock = () => this.clock.now();
    const servers = new NatsServers(this.#system, SITES_ACCOUNT);
    const kicking = new Kicking(servers, this.fold.directory, service.log, clock);
    this.fold.follow((events) => kicking.after(events));
    await this.fold.begun; // who exists must be known before anybody is let in, or sent away; halted, it lets nobody in
    this.#ends = setInterval(() => void kicking.lookForEnds(), LOOK_FOR_ENDS_MS).unref();
    // Who was removed while nobody looked. The health port says when that cannot be known.
    void this.fold.caughtUp.then(
      () => kicking.sweep(),
      () => undefined,
    );
    this.#subscription = serveAuthCallout({
      nats: this.#nats,
      issuer: signingKey(readFileSync(CALLOUT_ISSUER_SEED_FILE, 'utf8')),
      account: SITES_ACCOUNT,
      installation: CARAVAN_INSTALLATION,
      directory: this.fold.directory,
      requireSameLog: () => this.witness.gate.assertSame(),
      clock,
      log: service.log,
      outcomes: new ConnectionOutcomes(service),
    });
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#ends);
    this.#storage?.stop();
    // Who still asks is answered, if there is a server to answer to.
    if (this.#nats && !isLost(this.#nats)) await this.#subscription?.drain().catch(() => undefined);
    await this.#nats?.close();
    await this.#system?.close();
  }
}
