import { isDeepStrictEqual } from 'node:util';
import type { ConfiguredLink, ItemState, LinkItem } from '@caravan/data-plane';
import { everTrusted, isExpected, isRevoked, isSupplied, isTrusted } from '../admission/peer.js';
import type { Credential } from '../configuration/credential.js';
import { changesBetween } from '../configuration/changes.js';
import { DialledLink } from './dialled-link.js';
import type { Lines } from './lines.js';

type Deps = ConstructorParameters<typeof DialledLink>[2] & { readonly lines: Lines };

/** What decides whether a link that is up may stay. */
const judgedBy = (item: LinkItem) => [everTrusted(item), everSupplied(item), item.revoked, item.identities];

const everSupplied = ({ supplied = [], suppliedBefore = [] }: LinkItem) => [...supplied, ...suppliedBefore];

/** The links that this site dials. */
export class DialledLinks {
  readonly #links = new Map<string, DialledLink>();

  constructor(private readonly deps: Deps) {}

  apply(items: readonly ConfiguredLink[], credentials: ReadonlyMap<string, Credential>): void {
    const before = [...this.#links.values()].map(({ item }) => item);
    const { added, changed, kept, removed } = changesBetween(before, items);
    for (const { id } of removed) this.#end(id, 'the link was removed');
    for (const { before: was, after } of changed) {
      const link = this.#links.get(after.id)!;
      if (link.follow(after, credentials) === 'break') {
        this.#end(after.id, 'the link is now another one');
        this.#begin(after, credentials);
      } else if (!isDeepStrictEqual(judgedBy(was), judgedBy(after))) this.#judgeAgain(after);
    }
    // An item that stayed the same may have a new certificate under the same id.
    for (const item of kept) this.#links.get(item.id)!.follow(item, credentials);
    for (const item of added) this.#begin(item, credentials);
  }

  states(): Record<string, ItemState> {
    return Object.fromEntries([...this.#links].map(([id, link]) => [`link/${id}`, link.state()]));
  }

  close(): void {
    for (const id of [...this.#links.keys()]) this.#end(id, 'the relay stops');
  }

  #begin(item: ConfiguredLink, credentials: ReadonlyMap<string, Credential>): void {
    this.#links.set(item.id, new DialledLink(item, credentials, this.deps));
  }

  #end(id: string, reason: string): void {
    this.#links.get(id)?.stop(reason);
    this.#links.delete(id);
    // Also those that an earlier change left to finish what they carry.
    for (const line of this.#linesOf(id)) line.drop(reason);
  }

  /** A live link whose other end no longer leads to what is trusted ends at once. */
  #judgeAgain(item: LinkItem): void {
    const now = new Date(this.deps.now());
    for (const line of this.#linesOf(item.id)) {
      const { peer } = line.init;
      const isByHost = isSupplied(peer, everSupplied(item), now);
      if (!isByHost && !isTrusted(peer, everTrusted(item), now, 'server')) {
        line.drop('its certificate no longer leads to the trusted authority');
      } else if (isRevoked(peer, item)) line.drop('its certificate was revoked');
      else if (!isByHost && !isExpected(peer, item)) line.drop('it is not whom the link leads to');
    }
  }

  #linesOf(id: string): ReturnType<Lines['all']> {
    return this.deps.lines.all().filter(({ init }) => init.direction === 'dialled' && init.itemId === id);
  }
}
