import { ApiError } from '@caravan/api';
import type { Api } from '../connection/connection.js';
import { kindOf, kindOfField } from '../kinds/kinds.js';
import { idOf } from '../kinds/kind.js';
import type { Item, Kind, KindName, Names } from '../kinds/kind.js';
import { listAll } from './listing.js';
import type { Params } from './listing.js';

/** Names for the ids that stand in items, as far as they are known. */
export class NameBook {
  private readonly known = new Map<string, string>();
  private readonly listed = new Set<string>();

  constructor(private readonly api: Api) {}

  readonly of: Names = (_kind, id) => (typeof id === 'string' ? (this.known.get(id) ?? id) : '-');

  remember(kind: Kind, items: readonly Item[]): void {
    for (const item of items) {
      const [label] = kind.labels(item, this.of);
      if (label) this.known.set(idOf(item), label);
    }
  }

  /** Learns what these fields of a kind's items point to, where it can be listed within `params`. */
  async learn(kind: Kind, fields: readonly string[], params: Params): Promise<void> {
    for (const field of fields) {
      const target = kindOfField(kind, field);
      if (target !== undefined) await this.learnKind(target.name, params);
    }
  }

  private async learnKind(name: KindName, params: Params): Promise<void> {
    const kind = kindOf(name);
    const scope = kind.parents.map((parent) => params[kindOf(parent).idField]);
    const key = [name, ...scope].join(' ');
    if (!kind.routes.list || scope.includes(undefined) || this.listed.has(key)) return;
    this.listed.add(key);
    // What an access point or link is called says at which site it is.
    if (kind.parents.includes('backbone') && name !== 'backbone-site') await this.learnKind('backbone-site', params);
    try {
      this.remember(kind, (await listAll(this.api, kind.routes.list, params)).items);
    } catch (error) {
      // Whoever may read a network need not be allowed to read what is beneath it: then its id is shown.
      const status = error instanceof ApiError ? error.problem.status : 0;
      if (status !== 403 && status !== 404) throw error;
    }
  }
}
