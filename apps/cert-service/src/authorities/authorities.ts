import { assertNever } from '@caravan/event-store';
import type { CommandMetadata } from '@caravan/event-store';
import { PkiError } from '@caravan/pki';
import type { BroughtCredential } from '@caravan/pki';
import type { Clock } from '@caravan/platform';
import type { Recorder } from '../recording/recorder.js';
import type { SealedKeys } from '../sealed-keys/sealed-keys.js';
import { authorityId, endedCode, FIRST_ORDINAL, rotatedWith } from './authority.js';
import type { AuthorityName, IssuedAuthorityName, NetworkPlace, RootName } from './authority.js';
import type { AuthorityStore, StoredAuthority } from './authority-store.js';
import { Awaiting, Impossible } from './awaiting.js';
import { broughtRoot, newAuthority, newRoot } from './establish.js';
import type { Authority, NewAuthority } from './establish.js';
import type { KeyKinds } from './key-kinds.js';
import { LatestUsed } from './latest-used.js';
import type { Ordinals } from './ordinals.js';

/** Who asks, without the command id: that follows from what is established. */
export type Cause = Omit<CommandMetadata, 'commandId'>;

/** What holds for every authority that is made. */
export interface AuthorityTerms {
  readonly crlBaseUrl?: string | undefined;
  readonly keyKinds?: KeyKinds | undefined;
}

const MAX_CACHED = 5_000;

/**
 * The tree of authorities. Any number of replicas may establish the same one at the same time: ids follow from names, the row
 * that is committed first wins, and everybody goes on with that. Unsealed keys stay in memory, for signing has to be fast.
 */
export class Authorities {
  readonly #ready = new LatestUsed<Promise<Authority | undefined>>(MAX_CACHED);

  constructor(
    private readonly installation: string,
    private readonly store: AuthorityStore,
    private readonly keys: SealedKeys,
    private readonly recorder: Recorder,
    private readonly ordinals: Ordinals,
    private readonly clock: Clock,
    private readonly terms: AuthorityTerms = {},
  ) {}

  get root(): RootName {
    return { kind: 'root', installation: this.installation };
  }

  /** The authority if it was established; its event is in the log before anything is signed with it. */
  find(name: AuthorityName, ordinal: number): Promise<Authority | undefined> {
    return this.#byId(authorityId(name, ordinal));
  }

  /** The authority of that id, of whatever kind. */
  findById(authorityId: string): Promise<Authority | undefined> {
    return this.#byId(authorityId);
  }

  /** Only at the administrator's word: a root never comes into being because somebody needs one. The one that is there stays. */
  async establishRoot(cause: Cause, brought?: BroughtCredential, ordinal = FIRST_ORDINAL): Promise<Authority> {
    const { root } = this;
    const existing = await this.find(root, ordinal);
    if (existing) return existing;
    const made = brought
      ? broughtRoot(root, ordinal, brought)
      : newRoot(root, ordinal, this.clock.now(), this.terms.keyKinds?.root);
    return this.#keep(made, cause);
  }

  /**
   * The root of a rotation: one that was brought for it, or made here where the one before it was.
   * @throws Awaiting one of the administrator's own
   */
  async establishNextRoot(cause: Cause, ordinal: number): Promise<Authority> {
    const existing = await this.find(this.root, ordinal);
    if (existing) return existing;
    const before = await this.find(this.root, ordinal - 1);
    if (before?.data.origin !== 'generated') return awaiting(`root ${ordinal}: bring it (cert-service init --next)`);
    return this.establishRoot(cause, undefined, ordinal);
  }

  /**
   * The authority that signs now, established if need be, and what it stands on as well.
   *
   * @throws as `establish`
   */
  async inUse(name: IssuedAuthorityName, cause: Cause, place?: NetworkPlace): Promise<Authority> {
    return this.establish(name, await this.#ordinalInUse(name), cause, place);
  }

  /**
   * The authority of an ordinal, established now if need be, and what it stands on as well: those that rotate together stand on
   * each other, the others on what is in use above them.
   *
   * @param place of a network's authorities, for whoever knows it
   * @throws Awaiting the root, or a network whose creation was not handled yet
   * @throws Impossible when it can never be: the network is over
   */
  async establish(name: IssuedAuthorityName, ordinal: number, cause: Cause, place?: NetworkPlace): Promise<Authority> {
    const existing = await this.find(name, ordinal);
    if (existing) return existing;
    const parent = await this.#parentOf(name, ordinal, cause, place);
    try {
      const { crlBaseUrl, keyKinds = {} } = this.terms;
      const made = { crlBaseUrl, keyKind: keyKinds[name.kind] };
      const circumstances = { installation: this.installation, ...made, place, now: this.clock.now() };
      return await this.#keep(newAuthority(name, ordinal, parent, circumstances), cause);
    } catch (error) {
      if (!(error instanceof PkiError) || error.code !== 'certificate.outside-window') throw error;
      throw await this.#impossible(name, ordinal, error);
    }
  }

  async #parentOf(name: IssuedAuthorityName, ordinal: number, cause: Cause, place?: NetworkPlace): Promise<Authority> {
    switch (name.kind) {
      case 'management':
        return (await this.find(this.root, ordinal)) ?? awaiting('root');
      case 'backbone':
        return (await this.find(this.root, await this.#ordinalInUse(this.root))) ?? awaiting('root');
      case 'infrastructure':
        return this.establish({ ...name, kind: 'backbone' }, ordinal, cause);
      case 'network':
        // Without its place we only know that somebody else's event names it: NetworkCreated is still to come.
        if (!place) return this.#networkNotHere(name.networkId, ordinal);
        return this.inUse({ kind: 'backbone', backboneId: place.backboneId }, cause);
      case 'claim':
      case 'member':
        return this.establish({ ...name, kind: 'network' }, ordinal, cause, place);
      default:
        return assertNever(name);
    }
  }

  #ordinalInUse(name: AuthorityName): Promise<number> {
    return this.ordinals.inUse(rotatedWith(name));
  }

  async #networkNotHere(networkId: string, ordinal: number): Promise<never> {
    const why = await this.store.findImpossible(authorityId({ kind: 'network', networkId }, ordinal));
    if (why) throw new Impossible(why.code, why.detail);
    return awaiting(`the authorities of network ${networkId}`);
  }

  async #impossible(name: IssuedAuthorityName, ordinal: number, { message }: PkiError): Promise<Impossible> {
    const why = { code: endedCode(name), detail: message };
    await this.store.keepImpossible(authorityId(name, ordinal), why);
    return new Impossible(why.code, why.detail);
  }

  async #keep({ event, privateKey }: NewAuthority, cause: Cause): Promise<Authority> {
    const id = event.data.authorityId;
    const metadata = { ...cause, commandId: `establish/${id}` };
    // Not kept when the master key was replaced after this was sealed.
    while (!(await this.store.keep({ event, sealedKey: await this.keys.seal(id, privateKey), metadata })));
    // Perhaps another replica was quicker and this key is thrown away: what counts is what is kept.
    return (await this.#remember(id, this.#load(id)))!;
  }

  #byId(id: string): Promise<Authority | undefined> {
    return this.#ready.get(id) ?? this.#remember(id, this.#load(id));
  }

  /** Only what was found stays: absence and failure are looked into again. */
  #remember(id: string, loading: Promise<Authority | undefined>): Promise<Authority | undefined> {
    this.#ready.set(id, loading);
    const forget = () => this.#ready.delete(id, loading);
    loading.then((authority) => authority ?? forget(), forget);
    return loading;
  }

  async #load(id: string): Promise<Authority | undefined> {
    const stored = await this.store.find(id);
    if (!stored) return undefined;
    const parentChain = await this.#chainAbove(stored);
    if (!stored.recorded) await this.recorder.record(stored);
    const { data } = stored.event;
    const privateKey = await this.keys.unseal(id, stored.sealedKey);
    const own = data.kind === 'root' ? [] : [data.certificate];
    return { data, credential: { certificatePem: data.certificate, privateKey }, chain: [...own, ...parentChain] };
  }

  async #chainAbove({ event: { data } }: StoredAuthority): Promise<readonly string[]> {
    if (data.issuerId === null) return [];
    return (await this.#byId(data.issuerId))?.chain ?? [];
  }
}

const awaiting = (what: string): never => {
  throw new Awaiting(what);
};
