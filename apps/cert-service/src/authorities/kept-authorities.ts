import { AuthorityEstablished } from '@caravan/events';
import type { Recorder } from '../recording/recorder.js';
import type { SealedKeys } from '../sealed-keys/sealed-keys.js';
import type { AuthorityStore, StoredAuthority } from './authority-store.js';
import type { Cause } from './cause.js';
import type { Authority, NewAuthority } from './establish.js';
import { LatestUsed } from './latest-used.js';

const MAX_CACHED = 5_000;

/**
 * The authorities that were established. Any number of replicas may keep the same one at the same time: the row that is committed first
 * wins, and everybody goes on with that. Unsealed keys stay in memory, for signing has to be fast.
 */
export class KeptAuthorities {
  readonly #ready = new LatestUsed<Promise<Authority | undefined>>(MAX_CACHED);

  constructor(
    private readonly store: AuthorityStore,
    private readonly keys: SealedKeys,
    private readonly recorder: Recorder,
  ) {}

  /** Its event is in the log before anything is signed with it. */
  find(id: string): Promise<Authority | undefined> {
    return this.#ready.get(id) ?? this.#remember(id, this.#load(id));
  }

  async keep({ event, privateKey }: NewAuthority, cause: Cause): Promise<Authority> {
    const id = event.data.authorityId;
    const metadata = { ...cause, commandId: `establish/${id}` };
    // What the log would not take must not be kept: it could never be recorded.
    AuthorityEstablished.schema.parse(event.data);
    const sealed = async () => privateKey && this.keys.seal(id, privateKey);
    // Not kept when the master key was replaced after this was sealed.
    while (!(await this.store.keep({ event, sealedKey: await sealed(), metadata })));
    // Perhaps another replica was quicker and this key is thrown away: what counts is what is kept.
    return (await this.#remember(id, this.#load(id)))!;
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
    const privateKey = stored.sealedKey && (await this.keys.unseal(id, stored.sealedKey));
    const credential = privateKey && { certificatePem: data.certificate, privateKey };
    const own = data.kind === 'root' ? [] : [data.certificate, ...data.intermediates];
    return { data, credential, chain: [...own, ...parentChain] };
  }

  async #chainAbove({ event: { data } }: StoredAuthority): Promise<readonly string[]> {
    if (data.issuerId === null) return [];
    return (await this.find(data.issuerId))?.chain ?? [];
  }
}
