import type { Socket } from 'node:net';
import { dial, finish, nextData, serve } from '../data-plane/sockets.js';
import type { TestServer } from '../data-plane/sockets.js';
import { eventually } from '../eventually.js';

/** Gives back every byte. */
export const serveEcho = (): Promise<TestServer> => serve((socket) => void socket.pipe(socket));

const PERIOD = 65_536;
/** Twice, so that a piece may begin anywhere; made once, since streams live for the whole of a suite. */
const PATTERN = Buffer.from(Uint8Array.from({ length: 2 * PERIOD }, (_, at) => at * 31 + (at >> 8)));

/** Bytes that say where in a stream they belong, up to a period of it. */
const pattern = (from: number, length: number): Buffer => PATTERN.subarray(from % PERIOD, (from % PERIOD) + length);

const PIECE = 4_096;
const EVERY_MS = 20;

/** One connection to an echo server that goes on: what comes back is compared, byte for byte, with what was sent. */
export class LiveStream {
  private sent = 0;
  private received = 0;
  private wrong: number | undefined;
  private readonly sending: NodeJS.Timeout;
  private how: 'end' | 'reset' | undefined;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (data: Buffer) => {
      if (!data.equals(pattern(this.received, data.length))) this.wrong ??= this.received;
      this.received += data.length;
    });
    this.sending = setInterval(() => {
      if (!socket.writable || socket.writableNeedDrain) return;
      socket.write(pattern(this.sent, PIECE));
      this.sent += PIECE;
    }, EVERY_MS);
    void finish(socket).then((how) => {
      this.how = how;
      clearInterval(this.sending);
    });
  }

  static async open(port: number): Promise<LiveStream> {
    const stream = new LiveStream(await dial(port));
    await stream.flows();
    return stream;
  }

  /** Resolves when more has come back than was sent by now. */
  async flows(): Promise<void> {
    const { sent } = this;
    await eventually(`more than ${sent} bytes of a live stream come back`, () => this.received > sent || undefined);
  }

  /** How it ends; `reset`: it was cut off. @throws Error when it goes on. */
  ended(): Promise<'end' | 'reset'> {
    return eventually(
      () => `a live stream ends (${this.sent} bytes sent, ${this.received} came back)`,
      () => this.how,
    );
  }

  /** Ends it in good order; answers how many bytes came back, all of them right and none missing. */
  async finish(): Promise<number> {
    clearInterval(this.sending);
    this.socket.end();
    const how = await this.ended();
    if (this.wrong !== undefined) throw new Error(`a live stream differs from byte ${this.wrong} on`);
    if (how !== 'end' || this.received !== this.sent) {
      throw new Error(`a live stream (${how}) brought back ${this.received} of ${this.sent} bytes`);
    }
    return this.received;
  }
}

interface Outcome {
  /** Of `performance.now()`. */
  readonly at: number;
  readonly problem?: string;
}

const timeOfDay = (at: number): string => new Date(performance.timeOrigin + at).toISOString().slice(11, 23);

/** A new connection with a small request every so often, each on its own; what became of them is kept. */
export class Requests {
  private readonly outcomes: Outcome[] = [];
  private readonly open = new Set<Socket>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly port: number,
    everyMs = 50,
  ) {
    this.timer = setInterval(() => void this.request(), everyMs);
  }

  /** The longest time without an answer since `from`, in milliseconds. */
  gapSince(from: number): number {
    const answered = this.outcomes.filter(({ at, problem }) => at >= from && problem === undefined).map(({ at }) => at);
    const times = [from, ...answered, performance.now()];
    return Math.round(Math.max(...times.slice(1).map((time, index) => time - times[index]!)));
  }

  /** What was not answered since `from`, each with the time of day, by which it is found in the logs. */
  problemsSince(from: number): string[] {
    return this.outcomes.flatMap(({ at, problem }) =>
      at >= from && problem !== undefined ? [`${timeOfDay(at)} ${problem}`] : [],
    );
  }

  /** How many were answered in each second since `from`, and how many failed: `20, 20, 0, 3 (-17), ...`. */
  perSecond(from: number): string {
    const seconds = Array.from({ length: Math.ceil((performance.now() - from) / 1_000) }, () => ({ good: 0, bad: 0 }));
    for (const { at, problem } of this.outcomes) {
      const second = seconds[Math.floor((at - from) / 1_000)];
      if (second) second[problem === undefined ? 'good' : 'bad']++;
    }
    return seconds.map(({ good, bad }) => (bad > 0 ? `${good} (-${bad})` : good)).join(', ');
  }

  /** Resolves when so many more were answered. */
  async answered(many: number): Promise<void> {
    const count = (): number => this.outcomes.filter(({ problem }) => problem === undefined).length;
    const goal = count() + many;
    await eventually(
      () => `${many} more requests are answered (${goal - count()} are missing; ${this.open.size} are open)`,
      () => count() >= goal || undefined,
    );
  }

  stop(): void {
    clearInterval(this.timer);
    for (const socket of this.open) socket.destroy();
  }

  private async request(): Promise<void> {
    try {
      const socket = await dial(this.port);
      this.open.add(socket);
      socket.once('close', () => this.open.delete(socket));
      socket.write('x');
      await nextData(socket).finally(() => socket.destroy());
      this.outcomes.push({ at: performance.now() });
    } catch (error) {
      this.outcomes.push({ at: performance.now(), problem: (error as Error).message });
    }
  }
}
