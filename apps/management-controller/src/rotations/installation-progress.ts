import { Inject, Injectable } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { INSTALLATION_TRUST_SUBJECT, installationTrustReplySchema } from '@caravan/events';
import type { RotationPhase } from '@caravan/events';
import { assertNever, Rejection } from '@caravan/event-store';
import { CLOCK, NATS, SERVICE } from '@caravan/platform';
import type { Clock, Service } from '@caravan/platform';
import { askService } from '../asking/ask-service.js';
import { ApiOverTls } from '../callers/api-over-tls.js';
import { Directory } from '../directory/directory.js';
import { NatsTrust } from '../site-access/nats-trust.js';
import { SystemConnection } from '../site-access/system-connection.js';
import { belowRoot } from './from-above.js';

/** Somebody a phase waits for who is no site. */
export interface OtherWait {
  readonly what: string;
  readonly detail: string;
}

const PATIENCE_MS = 8_000;
/** To look costs nat-servers a handshake for each authority. */
const LOOKED_FOR_MS = 1_000;

/** Somebody others prove themselves to by the installation's own authorities. Ordinals of those. */
interface Prover {
  readonly what: string;
  readonly accepts: readonly number[];
  readonly shows: number | null;
  /** Why it cannot be looked at. */
  readonly problem: string | null;
}

interface Of {
  readonly ordinal: number;
  readonly phase: RotationPhase;
}

/**
 * What the rotation of the installation's own authorities waits for beside sites: nats-servers, the services that are connected to
 * them, and what stands below the root. It is looked at, and not reported.
 */
@Injectable()
export class InstallationProgress {
  #looked: { readonly at: number; readonly of: string; readonly waits: Promise<readonly OtherWait[]> } | undefined;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    private readonly system: SystemConnection,
    private readonly directory: Directory,
    private readonly api: ApiOverTls,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SERVICE) private readonly service: Service,
  ) {}

  /** Nobody: the phase is over, as far as this goes. What cannot be looked at is waited for. */
  waitingFor({ ordinal, phase }: Of): Promise<readonly OtherWait[]> {
    const now = this.clock.now().getTime();
    const of = `${ordinal} ${phase}`;
    if (this.#looked?.of === of && now - this.#looked.at < LOOKED_FOR_MS) return this.#looked.waits;
    const waits = this.#look({ ordinal, phase }).catch((error: unknown) => [
      { what: 'the management plane', detail: `cannot be looked at: ${inWords(error)}` },
    ]);
    this.#looked = { at: now, of, waits };
    return waits;
  }

  #look(of: Of): Promise<readonly OtherWait[]> {
    switch (of.phase) {
      case 'trust':
      case 'listeners':
      case 'retire':
        return this.#servers(of);
      case 'diallers':
        return this.#below(of);
      default:
        return assertNever(of.phase);
    }
  }

  async #servers(of: Of): Promise<readonly OtherWait[]> {
    const question = { service: 'cert-service', subject: INSTALLATION_TRUST_SUBJECT, request: {} };
    const answer = await askService(this.nats, { ...question, patienceMs: PATIENCE_MS });
    const { files, servers } = installationTrustReplySchema.parse(answer);
    const isWritten = files?.ordinal === of.ordinal && files.phase === of.phase;
    const provers = [...servers.map((each) => ({ ...each, what: `nats-server ${each.server}` })), ...this.#overTls(of)];
    const waits = provers.flatMap((prover) => waitOn(prover, of, files !== null));
    if (files && !isWritten)
      return [...waits, { what: 'cert-service', detail: 'has not written the credential files yet' }];
    if (files && waits.length > 0) await this.#haveRead(new Date(files.since));
    return waits;
  }

  /** The API over TLS. What is none of ours is not rotated: a certificate that somebody else signed, and trust in others. */
  #overTls({ ordinal }: Of): Prover[] {
    const presented = this.api.presents();
    if (presented.length === 0) return [];
    const ordinalsOf = (fingerprints: readonly string[]): number[] =>
      fingerprints.flatMap((fingerprint) => {
        const authority = this.directory.authorities.get(fingerprint);
        return authority?.kind === 'management' ? authority.ordinal : [];
      });
    const [shows = ordinal] = ordinalsOf(presented);
    const accepts = ordinalsOf(this.api.accepts());
    return [{ what: 'the API over TLS', accepts: accepts.length > 0 ? accepts : [ordinal], shows, problem: null }];
  }

  /** Once after the files were written, whoever is quicker: a server says when it read them last. */
  async #haveRead(since: Date): Promise<void> {
    const trust = new NatsTrust(this.system.get());
    for (const serverId of await trust.readBefore(since)) {
      this.service.log.info({ serverId }, 'nats-server reads its configuration again; sites connect anew');
      await trust.reload(serverId);
    }
  }

  async #below({ ordinal }: Of): Promise<readonly OtherWait[]> {
    const { due, unfinished } = belowRoot(this.directory, ordinal, this.clock.now());
    const below = [
      ...due.map(({ owner: { kind }, ownerId }) => ({
        what: `${kind} ${ownerId}`,
        detail: 'stands under an older root',
      })),
      ...unfinished.map((what) => ({ what, detail: 'is being rotated' })),
    ];
    const [fingerprint] =
      [...this.directory.authorities].find(([, { kind, ordinal: of }]) => kind === 'management' && of === ordinal) ??
      [];
    if (fingerprint === undefined) return [...below, { what: `authority ${ordinal}`, detail: 'is not established' }];
    const services = await new NatsTrust(this.system.get()).services();
    const older = services.filter(({ chain }) => !chain.includes(fingerprint));
    return [
      ...below,
      ...[...new Set(older.map(({ name }) => name))].map((what) => ({
        what,
        detail: 'is connected to nats-server with a certificate of an older authority',
      })),
    ];
  }
}

function waitOn({ what, accepts, shows, problem }: Prover, { ordinal, phase }: Of, areFilesKept: boolean): OtherWait[] {
  const remedy = areFilesKept ? '' : ': run cert-service init, put its files where it has them, and reload nats-server';
  const says = (detail: string): OtherWait[] => [{ what, detail: `${detail}${remedy}` }];
  if (problem !== null) return [{ what, detail: `cannot be looked at: ${problem}` }];
  if (!accepts.includes(ordinal)) return says(`does not accept whom root ${ordinal} leads to`);
  if (phase === 'trust') return [];
  if (shows !== ordinal) return says(`proves itself by an authority older than ${ordinal}`);
  const older = accepts.filter((each) => each < ordinal);
  return phase === 'retire' && older.length > 0 ? says(`still accepts whom root ${older.join(', ')} leads to`) : [];
}

const inWords = (error: unknown): string =>
  error instanceof Rejection ? String(error.details['detail']) : (error as Error).message;
