import type { AccessKind, ObservedLink } from '@caravan/data-plane';
import type { Counters } from '../counters.js';
import type { Log, PeerLog } from '../log.js';
import type { LineInit } from './line.js';
import { Line } from './line.js';
import { LineCounts } from './line-counts.js';
import type { PulseDeps } from './pulse.js';

interface LinesDeps extends PulseDeps {
  readonly log: Log;
  /** For the lines of those who come by themselves, as often as they like. */
  readonly peerLog: PeerLog;
  readonly counters: Counters;
  readonly now: () => Date;
  /** Lets the line speak: its answers, its offers. */
  readonly started: (line: Line) => void;
  readonly changed: () => void;
}

/** What is empty at this end only is still there after so long. */
const EMPTY_MS = 5_000;

/** All live lines, dialled and accepted. */
export class Lines {
  readonly #lines = new Map<number, Line>();
  readonly #counts = new LineCounts();
  readonly #past = { received: new Map<AccessKind, number>(), sent: new Map<AccessKind, number>() };
  #numbers = 0;

  constructor(private readonly deps: LinesDeps) {}

  start(init: LineInit): Line {
    const { log, peerLog, counters, now, started, changed } = this.deps;
    const line = new Line(++this.#numbers, init, now(), this.deps);
    const facts = {
      line: line.number,
      item: init.itemId,
      direction: init.direction,
      access: init.access,
      role: init.role,
      peer: init.identity,
    };
    const tell = (code: string, more: object, message: string): void =>
      init.direction === 'accepted'
        ? peerLog.info(code, { ...facts, ...more }, message)
        : log.info({ ...facts, ...more }, message);
    this.#lines.set(line.number, line);
    const counted = this.#counts.add(init.identity, init.reach.kind === 'control', init.socket.remoteAddress, () =>
      line.drop('later lines of this peer that finish what they carry took its place'),
    );
    counters.add('caravan_relay_lines_opened_total', init.access);
    line.once('greeted', () => {
      tell('line.up', {}, 'line up');
      changed();
    });
    line.on('suspected', () => tell('line.silent', {}, 'line silent, used last'));
    line.once('lost', (why) => counters.add('caravan_relay_lines_lost_total', why));
    line.once('draining', () => {
      if (!line.isDone) return counted.drain();
      // One that is empty here and there is closed in a moment: it must not take the place of one that carries something.
      setTimeout(() => counted.drain(), EMPTY_MS).unref();
    });
    line.once('closed', (reason) => {
      this.#lines.delete(line.number);
      tally(this.#past, line);
      counted.forget();
      counters.add('caravan_relay_lines_closed_total', init.access);
      tell('line.closed', { reason }, 'line closed');
      changed();
    });
    started(line);
    return line;
  }

  get(number: number): Line | undefined {
    return this.#lines.get(number);
  }

  all(): Line[] {
    return [...this.#lines.values()];
  }

  /** Why one more line of `identity` from `address` is too many; undefined when it is not. */
  refusal(identity: string, isClaim: boolean, address: string | undefined): string | undefined {
    return this.#counts.refusal(identity, isClaim, address);
  }

  /** Bytes of all lines there have been, by the access point that they led to. */
  carried(): Record<'received' | 'sent', Record<string, number>> {
    const { received, sent } = { received: new Map(this.#past.received), sent: new Map(this.#past.sent) };
    for (const line of this.#lines.values()) tally({ received, sent }, line);
    return { received: Object.fromEntries(received), sent: Object.fromEntries(sent) };
  }

  /** Links as observed: the lines that one dialler made for one link, taken together. */
  observed(): ObservedLink[] {
    const links = new Map<string, Line[]>();
    for (const line of this.all()) {
      if (line.status === 'greeting') continue;
      const { direction, itemId, identity } = line.init;
      const name = [direction, itemId, identity, line.token ?? line.number].join('|');
      links.set(name, [...(links.get(name) ?? []), line]);
    }
    return [...links.values()].map(observedLink);
  }
}

function tally(
  { received, sent }: Record<'received' | 'sent', Map<AccessKind, number>>,
  { init: { access }, bytesIn, bytesOut }: Line,
): void {
  received.set(access, (received.get(access) ?? 0) + bytesIn);
  sent.set(access, (sent.get(access) ?? 0) + bytesOut);
}

function observedLink(lines: readonly Line[]): ObservedLink {
  const { init } = lines[0]!;
  const total = (count: (line: Line) => number): number => lines.reduce((sum, line) => sum + count(line), 0);
  return {
    id: init.itemId,
    direction: init.direction,
    access: init.access,
    peerIdentity: init.identity,
    peerChain: [...init.peer.chain],
    since: lines.map(({ since }) => since).reduce((a, b) => (a < b ? a : b)),
    streams: total(({ tunnels }) => tunnels),
    bytesIn: total(({ bytesIn }) => bytesIn),
    bytesOut: total(({ bytesOut }) => bytesOut),
  };
}
