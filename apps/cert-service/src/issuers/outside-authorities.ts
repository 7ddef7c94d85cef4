import { AuthorityRequested, MOST_INTERMEDIATES } from '@caravan/events';
import type { OutsideIssuer } from '@caravan/events';
import type { Clock } from '@caravan/platform';
import {
  createCsr,
  generateKeyPair,
  misplacementOf,
  PkiError,
  PROFILES,
  readCsr,
  readSignedElsewhere,
} from '@caravan/pki';
import type { AskedFor, SignedElsewhere } from '@caravan/pki';
import type { Cause } from '../authorities/cause.js';
import { authorityId, commonNameOf, PROFILE_OF } from '../authorities/authority.js';
import type { IssuedAuthorityName, NetworkPlace } from '../authorities/authority.js';
import { Awaiting, Impossible } from '../authorities/awaiting.js';
import { signedElsewhere } from '../authorities/establish.js';
import type { Authority, NewAuthority } from '../authorities/establish.js';
import type { KeyKinds } from '../authorities/key-kinds.js';
import type { Recorder } from '../recording/recorder.js';
import type { SealedKeys } from '../sealed-keys/sealed-keys.js';
import { certificateOf } from './issuer.js';
import type { AuthorityRequest, Issuer } from './issuer.js';
import type { Owners } from './owners.js';
import type { RequestStore, StoredRequest } from './request-store.js';

export interface OutsideAuthoritiesOptions {
  readonly installation: string;
  /** Those that this installation has. */
  readonly issuers: Readonly<Partial<Record<OutsideIssuer, Issuer>>>;
  readonly owners: Owners;
  readonly store: RequestStore;
  readonly keys: SealedKeys;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly keyKinds?: KeyKinds | undefined;
}

/** An authority to be, whose certificate is not signed here. */
export interface Wanted {
  readonly name: IssuedAuthorityName;
  readonly ordinal: number;
  readonly issuer: OutsideIssuer;
  /** Of those that it may stand below, the one in use. */
  readonly root: Authority;
  readonly place: NetworkPlace | undefined;
  readonly cause: Cause;
}

/**
 * Authorities whose keys are made and kept here, and whose certificates somebody else signs. The key is sealed before its request leaves;
 * the request stays what it is, however often it is asked about and whichever replica asks.
 */
export class OutsideAuthorities {
  constructor(private readonly options: OutsideAuthoritiesOptions) {}

  /**
   * Key and certificate, once that is there and fit for its place.
   *
   * @param rootOf the root that a request was made for, which may not be the one in use any more
   * @throws Awaiting what is missing, or a better certificate
   * @throws Impossible when whoever it is for has ended, or is gone
   */
  async establish(wanted: Wanted, rootOf: (rootId: string) => Promise<Authority | undefined>): Promise<NewAuthority> {
    const { event, sealedKey } = await this.#request(wanted);
    const request = event.data;
    const issuer = this.options.issuers[request.issuer];
    if (!issuer)
      throw new Awaiting(`${certificateOf(request)}: there is no ${request.issuer} here: set CERT_MANAGER_ISSUER`);
    const root = (await rootOf(request.rootId)) ?? wanted.root;
    const signed = await this.#signed(request, issuer, root);
    const privateKey = await this.options.keys.unseal(request.authorityId, sealedKey);
    return signedElsewhere({ request, signed, rootId: root.data.authorityId, privateKey });
  }

  async #signed(request: AuthorityRequest, issuer: Issuer, root: Authority): Promise<SignedElsewhere> {
    this.#requireTimeLeft(request);
    try {
      const read = (pem: string) => readFit(pem, this.#askedFor(request, root));
      const wrongWith = (pem: string) => {
        const found = read(pem);
        return 'wrong' in found ? found.wrong : undefined;
      };
      const answer = read(await issuer.answerTo(request, { rootEnds: new Date(root.data.notAfter), wrongWith }));
      if ('signed' in answer) return answer.signed;
      throw new Awaiting(
        `${certificateOf(request)}: what ${request.issuer} signed cannot stand there (${answer.wrong})`,
      );
    } catch (error) {
      if (!(error instanceof Awaiting) || !(await this.options.owners.areGone(request))) throw error;
      const owner = request.networkId === null ? 'backbone' : 'network';
      throw new Impossible(`${owner}.unknown`, `the ${owner} was deleted or revoked before somebody signed for it`);
    }
  }

  /** Nobody signs for what is over; who was not answered by then is waited for no more. */
  #requireTimeLeft({ until }: AuthorityRequest): void {
    if (until === null || Date.parse(until) > this.options.clock.now().getTime()) return;
    throw new Impossible('network.ended', `the network ended at ${until}`);
  }

  async #request(wanted: Wanted): Promise<StoredRequest> {
    const { store, recorder } = this.options;
    const id = authorityId(wanted.name, wanted.ordinal);
    const stored = (await store.find(id)) ?? (await this.#make(id, wanted));
    if (!stored.recorded) await recorder.record(stored);
    return stored;
  }

  async #make(id: string, { name, ordinal, issuer, root, place, cause }: Wanted): Promise<StoredRequest> {
    const { store, keys, keyKinds } = this.options;
    const keyPair = generateKeyPair(keyKinds?.[name.kind]);
    const profile = PROFILE_OF[name.kind];
    const commonName = commonNameOf(name, ordinal);
    const { installation } = this.options;
    const csr = createCsr({ subject: { commonName }, keyPair, authority: { profile, installation } });
    const event = AuthorityRequested({
      authorityId: id,
      kind: name.kind,
      backboneId: 'backboneId' in name ? name.backboneId : (place?.backboneId ?? null),
      networkId: 'networkId' in name ? name.networkId : null,
      ordinal,
      rootId: root.data.authorityId,
      issuer,
      csr,
      subject: `CN=${commonName}`,
      publicKeyFingerprint: readCsr(csr).publicKeyFingerprint,
      pathLength: PROFILES[profile].pathLength,
      until: place?.notAfter?.toISOString() ?? null,
    });
    const metadata = { ...cause, commandId: `request/${id}` };
    while (!(await store.keep({ event, metadata, sealedKey: await keys.seal(id, keyPair.privateKey) })));
    return (await store.find(id))!;
  }

  #askedFor({ kind, publicKeyFingerprint, until }: AuthorityRequest, root: Authority): AskedFor {
    return {
      profile: PROFILE_OF[kind],
      installation: this.options.installation,
      now: this.options.clock.now(),
      publicKeyFingerprint,
      root: root.data.certificate,
      until: until === null ? undefined : new Date(until),
    };
  }
}

/** What somebody signed, if it fits where it was asked for; else everything that is wrong with it. */
function readFit(answer: string, asked: AskedFor): { readonly signed: SignedElsewhere } | { readonly wrong: string } {
  try {
    const signed = readSignedElsewhere(answer, asked);
    const wrong: { readonly says: string }[] = misplacementOf(signed, asked);
    if (signed.intermediates.length > MOST_INTERMEDIATES) {
      wrong.push({ says: `more than ${MOST_INTERMEDIATES} authorities stand between it and the root` });
    }
    return wrong.length === 0 ? { signed } : { wrong: wrong.map(({ says }) => says).join('; ') };
  } catch (error) {
    if (error instanceof PkiError) return { wrong: error.message };
    throw error;
  }
}
