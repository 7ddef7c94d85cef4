import { assertNever } from '@caravan/event-store';
import { PkiError } from '@caravan/pki';
import type { Clock } from '@caravan/platform';
import type { Recorder } from '../recording/recorder.js';
import type { SealedKeys } from '../sealed-keys/sealed-keys.js';
import { issuerOf } from '../issuers/choice.js';
import type { BackboneIssuers, IssuerChoices } from '../issuers/choice.js';
import type { OutsideAuthorities } from '../issuers/outside-authorities.js';
import { authorityId, endedCode, FIRST_ORDINAL, rotatedWith } from './authority.js';
import type { AuthorityName, IssuedAuthorityName, NetworkPlace, RootName } from './authority.js';
import type { AuthorityStore } from './authority-store.js';
import { Awaiting, Impossible } from './awaiting.js';
import type { Cause } from './cause.js';
import { broughtRoot, newAuthority, newRoot } from './establish.js';
import type { Authority, BroughtRoot, NewAuthority } from './establish.js';
import type { KeyKinds } from './key-kinds.js';
import { KeptAuthorities } from './kept-authorities.js';
import type { Ordinals } from './ordinals.js';

export interface AuthoritiesOptions {
  readonly installation: string;
  readonly store: AuthorityStore;
  readonly keys: SealedKeys;
  readonly recorder: Recorder;
  readonly ordinals: Ordinals;
  readonly clock: Clock;
  /** What holds for every authority that is made. */
  readonly terms?: {
    readonly crlBaseUrl?: string | undefined;
    readonly keyKinds?: KeyKinds | undefined;
  };
  /** Who signs them, and those that are not signed here. */
  readonly issuers: { readonly installation: IssuerChoices; readonly backbones: BackboneIssuers };
  readonly outside: OutsideAuthorities;
}

/** The tree of authorities: what is asked for is established, with what it stands on. Ids follow from names, so that replicas meet. */
export class Authorities {
  private readonly kept: KeptAuthorities;

  constructor(private readonly options: AuthoritiesOptions) {
    this.kept = new KeptAuthorities(options.store, options.keys, options.recorder);
  }

  get root(): RootName {
    return { kind: 'root', installation: this.options.installation };
  }

  /** The authority if it was established; its event is in the log before anything is signed with it. */
  find(name: AuthorityName, ordinal: number): Promise<Authority | undefined> {
    return this.kept.find(authorityId(name, ordinal));
  }

  /** The authority of that id, of whatever kind. */
  findById(authorityId: string): Promise<Authority | undefined> {
    return this.kept.find(authorityId);
  }

  /** Only at the administrator's word: a root never comes into being because somebody needs one. The one that is there stays. */
  async establishRoot(cause: Cause, brought?: BroughtRoot, ordinal = FIRST_ORDINAL): Promise<Authority> {
    const { root } = this;
    const existing = await this.find(root, ordinal);
    if (existing) return existing;
    const made = brought
      ? broughtRoot(root, ordinal, brought)
      : newRoot(root, ordinal, this.options.clock.now(), this.options.terms?.keyKinds?.root);
    return this.kept.keep(made, cause);
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
    const elsewhere = await this.#signedElsewhere(name, ordinal, cause, place);
    if (elsewhere) return this.kept.keep(elsewhere, cause);
    const parent = await this.#parentOf(name, ordinal, cause, place);
    try {
      const { installation, clock, terms: { crlBaseUrl, keyKinds = {} } = {} } = this.options;
      const made = { crlBaseUrl, keyKind: keyKinds[name.kind] };
      const circumstances = { installation, ...made, place, now: clock.now() };
      return await this.kept.keep(newAuthority(name, ordinal, parent, circumstances), cause);
    } catch (error) {
      if (!(error instanceof PkiError) || error.code !== 'certificate.outside-window') throw error;
      throw await this.#impossible(name, ordinal, { code: endedCode(name), detail: error.message });
    }
  }

  /** The authority, when it is one that is not signed here. @throws Awaiting its certificate; Impossible when nobody needs it */
  async #signedElsewhere(
    name: IssuedAuthorityName,
    ordinal: number,
    cause: Cause,
    place?: NetworkPlace,
  ): Promise<NewAuthority | undefined> {
    const { kind } = name;
    if (kind !== 'management' && kind !== 'backbone' && kind !== 'network') return undefined;
    // Without its place somebody else's event names the network: what #parentOf says of that holds.
    if (kind === 'network' && !place) return undefined;
    const root = await this.find(this.root, kind === 'management' ? ordinal : await this.#ordinalInUse(this.root));
    if (!root) return undefined;
    const backboneId = 'backboneId' in name ? name.backboneId : place?.backboneId;
    const chosen = await issuerOf(kind, backboneId, this.options.issuers);
    // Whom the root alone could sign is signed where its key is.
    const issuer = chosen === 'internal' && !root.credential && kind !== 'network' ? 'offline' : chosen;
    if (issuer === 'internal') return undefined;
    const wanted = { name, ordinal, issuer, root, place, cause };
    try {
      return await this.options.outside.establish(wanted, (rootId) => this.findById(rootId));
    } catch (error) {
      throw error instanceof Impossible ? await this.#impossible(name, ordinal, error) : error;
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
    return this.options.ordinals.inUse(rotatedWith(name));
  }

  async #networkNotHere(networkId: string, ordinal: number): Promise<never> {
    const why = await this.options.store.findImpossible(authorityId({ kind: 'network', networkId }, ordinal));
    if (why) throw new Impossible(why.code, why.detail);
    return awaiting(`the authorities of network ${networkId}`);
  }

  async #impossible(
    name: IssuedAuthorityName,
    ordinal: number,
    { code, detail }: Pick<Impossible, 'code' | 'detail'>,
  ): Promise<Impossible> {
    await this.options.store.keepImpossible(authorityId(name, ordinal), { code, detail });
    return new Impossible(code, detail);
  }
}

const awaiting = (what: string): never => {
  throw new Awaiting(what);
};
