import { CertificateIssued } from '@caravan/events';
import type { InstallationTrustReply } from '@caravan/events';
import { createCsr, generateKeyPair } from '@caravan/pki';
import { derivedId } from '@caravan/platform';
import type { Clock } from '@caravan/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Authorities } from '../authorities/authorities.js';
import type { Cause } from '../authorities/cause.js';
import { commonNameOf } from '../issuing/names.js';
import type { Issuing } from '../issuing/issuing.js';
import type { CredentialKeeper } from '../credentials/credential-keeper.js';
import type { Generation } from './generation.js';
import { probe } from './nats-probe.js';
import type { Caller } from './nats-probe.js';

export interface InstallationTrustOptions {
  readonly installation: string;
  readonly natsUrl: string;
  readonly nats: Pick<NatsConnection, 'info'>;
  readonly authorities: Pick<Authorities, 'find'>;
  readonly issuing: Issuing;
  readonly keeper: Pick<CredentialKeeper, 'generation' | 'files'>;
  readonly clock: Clock;
}

const HOLDER = { kind: 'service', name: 'cert-service' } as const;
const DEFAULT_PORT = 4222;

/** Looks whom the nats-servers take and as whom they prove themselves: with a certificate of each authority there is now. */
export class InstallationTrust {
  readonly #callers = new Map<number, Promise<Caller>>();

  constructor(private readonly options: InstallationTrustOptions) {}

  async look(): Promise<InstallationTrustReply> {
    const { keeper } = this.options;
    const generation = await keeper.generation();
    const known = await this.#known(generation);
    const servers = await Promise.all(this.#servers().map((server) => this.#see(server, known)));
    return { files: keeper.files, servers };
  }

  /** Ordinals and fingerprints of the management authorities that may be met now. */
  async #known({ ordinal }: Generation): Promise<ReadonlyMap<number, string>> {
    const { authorities, installation } = this.options;
    const known = new Map<number, string>();
    for (const each of [ordinal, ordinal - 1]) {
      const authority = each > 0 ? await authorities.find({ kind: 'management', installation }, each) : undefined;
      if (authority) known.set(each, authority.data.fingerprint);
    }
    return known;
  }

  /** Those that it was told of, and those that they tell of. Without TLS there is nothing to see. */
  #servers(): string[] {
    const { natsUrl, nats } = this.options;
    if (!natsUrl.includes('tls://')) return [];
    const told = natsUrl.split(',').map((url) => {
      const { hostname, port } = new URL(url);
      return `${hostname}:${port || DEFAULT_PORT}`;
    });
    return [...new Set([...told, ...(nats.info?.connect_urls ?? [])])];
  }

  async #see(server: string, known: ReadonlyMap<number, string>): Promise<InstallationTrustReply['servers'][number]> {
    const { hostname, port } = new URL(`tls://${server}`);
    try {
      const seen = await Promise.all(
        [...known.keys()].map(async (ordinal) => {
          const caller = await this.#caller(ordinal);
          return { ordinal, ...(await probe(hostname.replace(/^\[|\]$/g, ''), Number(port), caller)) };
        }),
      );
      const presented = new Set(seen.flatMap((each) => each.presented));
      const [shows = null] = [...known].flatMap(([ordinal, fingerprint]) =>
        presented.has(fingerprint) ? ordinal : [],
      );
      const accepts = seen.flatMap(({ ordinal, accepts: isTaken }) => (isTaken ? ordinal : []));
      return { server, accepts, shows, problem: null };
    } catch (error) {
      return { server, accepts: [], shows: null, problem: (error as Error).message };
    }
  }

  /** With a certificate of its own: a key that is nowhere but here, recorded as every certificate is. */
  #caller(ordinal: number): Promise<Caller> {
    let caller = this.#callers.get(ordinal);
    if (!caller) {
      this.#callers.set(ordinal, (caller = this.#makeCaller(ordinal)));
      caller.catch(() => this.#callers.delete(ordinal));
    }
    return caller;
  }

  async #makeCaller(ordinal: number): Promise<Caller> {
    const { installation, issuing, clock } = this.options;
    const keyPair = generateKeyPair();
    const csr = createCsr({ subject: { commonName: commonNameOf(HOLDER) }, keyPair });
    const certificateId = derivedId('probe', installation, String(ordinal), csr);
    const authority = { kind: 'management', installation } as const;
    const request = {
      certificateId,
      profile: 'service',
      authority,
      authorityOrdinal: ordinal,
      holder: HOLDER,
    } as const;
    const verdict = await issuing.issue({ ...request, hosts: [], ordinal: 1, csr }, causeAt(clock.now()));
    if (verdict.type !== CertificateIssued.type) throw new Error(`no certificate to look with: ${verdict.data.detail}`);
    const { certificate, chain } = verdict.data;
    return { ordinal, chain: [certificate, ...chain], privateKey: keyPair.privateKey };
  }
}

const causeAt = (now: Date): Cause => ({
  now,
  actor: { kind: 'service', id: 'cert-service' },
  via: 'reaction',
  source: 'cert-service',
  correlationId: 'installation trust',
  causationId: 'installation trust',
  ownerGroup: null,
});
