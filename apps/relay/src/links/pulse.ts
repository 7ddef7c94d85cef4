import type { Http2Session } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { Sizes, Timing } from '../limits.js';
import { Liveness } from './liveness.js';
import { StallRelief } from './stall.js';
import { StreamWindow } from './stream-window.js';
import type { WindowPlace, WindowRoom } from './window-room.js';
import { Wire } from './wire.js';

export interface PulseDeps {
  readonly timing: Timing;
  readonly sizes: Sizes;
  readonly room: WindowRoom;
}

export interface Beats {
  /** How many streams the line has. */
  streams(): number;
  suspect(isSuspect: boolean): void;
  lost(why: 'silent' | 'unruly'): void;
  tick(): void;
}

/** What a line does every second: looks for life, for a stall, and for the window that its streams need. */
export class Pulse {
  readonly window: StreamWindow;
  readonly #wire: Wire;
  readonly #liveness: Liveness;
  readonly #relief: StallRelief;
  readonly #place: WindowPlace;
  readonly #beat: NodeJS.Timeout;
  #beatAt = performance.now();

  constructor(
    private readonly session: Http2Session,
    socket: TLSSocket,
    { timing, sizes, room }: PulseDeps,
    private readonly beats: Beats,
  ) {
    this.#wire = new Wire(socket);
    this.#liveness = new Liveness(timing.liveness);
    this.#relief = new StallRelief(this.#wire);
    this.window = new StreamWindow(session, sizes, (each) => this.#place.mayBring(each * beats.streams()));
    this.#place = room.enter(() => (this.window.bytes - sizes.smallWindow) * beats.streams());
    this.#beat = setInterval(() => this.#tick(), timing.liveness.tickMs).unref();
  }

  stop(): void {
    clearInterval(this.#beat);
    this.#place.leave();
    this.#relief.stop();
  }

  #tick(): void {
    const signs = this.#wire.signs();
    const before = this.#beatAt;
    this.#beatAt = performance.now();
    const verdict = this.#liveness.tick(signs, this.#beatAt - before);
    if (verdict === 'dead') return this.beats.lost('silent');
    if (!this.window.tick(signs.heard)) return this.beats.lost('unruly');
    this.beats.suspect(verdict === 'suspect');
    // Nobody waits for the answer: whatever comes is life.
    if (verdict !== 'fine' && !this.session.destroyed) this.session.ping(() => undefined);
    this.#relief.glance();
    this.beats.tick();
  }
}
