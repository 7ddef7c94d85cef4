import { isDeepStrictEqual } from 'node:util';
import type { ItemState, LinkItem } from '@caravan/data-plane';
import type { Credential } from '../configuration/credential.js';
import { dialFault } from './dial.js';
import type { DialledLineDeps } from './dialled-line.js';
import { DialledLine } from './dialled-line.js';
import { facetOf } from './facet.js';
import { freshenMs } from './freshen.js';
import type { Line } from './line.js';
import { linkChange } from './link-change.js';

/** A link item as it runs: the lines that its reach needs, each kept up on its own. */
export class DialledLink {
  readonly #lines: DialledLine[];
  #item: LinkItem;
  /** What the lines were last dialled with; undefined while the item waits. */
  #mark: string | undefined;
  #waiting: string | undefined;
  #token = '';
  #credential: Credential | undefined;
  #freshening: NodeJS.Timeout | undefined;

  constructor(
    item: LinkItem,
    credential: Credential | undefined,
    private readonly deps: DialledLineDeps & { readonly token: () => string },
  ) {
    this.#item = item;
    this.#lines = facetOf('dialled', item.reach).roles.map(
      (role) => new DialledLine(role, { ...deps, used: () => this.#plan() }),
    );
    this.#dial(credential, 'redial');
  }

  get item(): LinkItem {
    return this.#item;
  }

  /** Answers 'break' when the old link must end at once: the caller drops its lines and makes a new one. */
  follow(item: LinkItem, credential: Credential | undefined): 'nothing' | 'redial' | 'break' {
    const fault = credential?.fault ?? dialFault(item);
    const mark = fault === undefined ? credential?.mark : undefined;
    const change = linkChange({ item: this.#item, mark: this.#mark }, { item, mark });
    if (change === 'break') return change;
    const isSame = isDeepStrictEqual(this.#item, item);
    this.#item = item;
    this.#waiting = this.#faultOf(credential);
    if (change === 'redial') this.#dial(credential, 'redial');
    else if (!isSame) this.#dial(credential, 'retarget');
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
    return { state, ...(detail !== undefined && { detail }) };
  }

  #dial(credential: Credential | undefined, how: 'redial' | 'retarget'): void {
    this.#waiting = this.#faultOf(credential);
    if (credential === undefined || this.#waiting !== undefined) return;
    if (how === 'redial') this.#token = this.deps.token();
    this.#mark = credential.mark;
    this.#credential = credential;
    const target = { item: this.#item, credential, token: this.#token };
    for (const line of this.#lines) line[how](target);
  }

  /** A line ends with the certificate of the other end, which has the next one long before: another is up by then. */
  #plan(): void {
    clearTimeout(this.#freshening);
    const { now, random } = this.deps;
    const waits = this.lines().map(({ init }) => freshenMs(init.peer, now(), random()));
    this.#freshening = setTimeout(() => this.#dial(this.#credential, 'redial'), Math.min(...waits)).unref();
  }

  #faultOf(credential: Credential | undefined): string | undefined {
    const { certificateId } = this.#item;
    if (credential === undefined) return `the certificate ${certificateId} is missing`;
    if (credential.fault !== undefined) return `the certificate ${certificateId}: ${credential.fault}`;
    return dialFault(this.#item);
  }
}
