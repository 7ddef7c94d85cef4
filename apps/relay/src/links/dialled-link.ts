import { isDeepStrictEqual } from 'node:util';
import type { ConfiguredLink, ItemState } from '@caravan/data-plane';
import type { Credential } from '../configuration/credential.js';
import type { DialledLineDeps } from './dialled-line.js';
import { DialledLine } from './dialled-line.js';
import { facetOf } from './facet.js';
import { freshenMs } from './freshen.js';
import type { Line } from './line.js';
import { linkChange } from './link-change.js';
import { markOf, meansOf } from './means.js';
import type { Means } from './means.js';

/** A link item as it runs: the lines that its reach needs, each kept up on its own. */
export class DialledLink {
  readonly #lines: DialledLine[];
  #item: ConfiguredLink;
  /** What the lines were last dialled with; undefined while the item waits. */
  #mark: string | undefined;
  #waiting: string | undefined;
  #token = '';
  #means: Means | undefined;
  #freshening: NodeJS.Timeout | undefined;

  constructor(
    item: ConfiguredLink,
    credentials: ReadonlyMap<string, Credential>,
    private readonly deps: DialledLineDeps & { readonly token: () => string },
  ) {
    this.#item = item;
    this.#lines = facetOf('dialled', item.reach).roles.map(
      (role) => new DialledLine(role, { ...deps, used: () => this.#plan() }),
    );
    const { means, fault } = meansOf(item, credentials);
    this.#waiting = fault;
    this.#dial(means, 'redial');
  }

  get item(): ConfiguredLink {
    return this.#item;
  }

  /** Answers 'break' when the old link must end at once: the caller drops its lines and makes a new one. */
  follow(item: ConfiguredLink, credentials: ReadonlyMap<string, Credential>): 'nothing' | 'redial' | 'break' {
    const { means, fault } = meansOf(item, credentials);
    const mark = means && markOf(means);
    const change = linkChange({ item: this.#item, mark: this.#mark }, { item, mark });
    if (change === 'break') return change;
    const isSame = isDeepStrictEqual(this.#item, item);
    this.#item = item;
    this.#waiting = fault;
    if (change === 'redial') this.#dial(means, 'redial');
    else if (!isSame) this.#dial(means, 'retarget');
    return change;
  }

  stop(reason: string): void {
    clearTimeout(this.#freshening);
    for (const line of this.#lines) line.stop(reason);
  }

  lines(): Line[] {
    return this.#lines.flatMap(({ current }) => current ?? []);
  }

  state(): ItemState {
    const down = this.#lines.filter(({ current }) => current === undefined);
    const detail = (this.#waiting ?? this.#lines.find(({ problem }) => problem !== undefined)?.problem)?.slice(0, 1024);
    const state = down.length > 0 ? 'waiting' : 'applied';
    const [distrust] = this.#waiting === undefined ? down.flatMap((line) => line.distrust ?? []) : [];
    return { state, ...(detail !== undefined && { detail }), ...(distrust && { distrust }) };
  }

  #dial(means: Means | undefined, how: 'redial' | 'retarget'): void {
    if (!means) return;
    if (how === 'redial') this.#token = this.deps.token();
    this.#mark = markOf(means);
    this.#means = means;
    const target = { item: this.#item, means, token: this.#token };
    for (const line of this.#lines) line[how](target);
  }

  /** A line ends with the certificate of the other end, which has the next one long before: another is up by then. */
  #plan(): void {
    clearTimeout(this.#freshening);
    const { now, random } = this.deps;
    const waits = this.lines().map(({ init }) => freshenMs(init.peer, now(), random()));
    this.#freshening = setTimeout(() => this.#dial(this.#means, 'redial'), Math.min(...waits)).unref();
  }
}
