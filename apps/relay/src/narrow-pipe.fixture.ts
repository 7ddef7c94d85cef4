import { Duplex } from 'node:stream';

/**
 * Two ends of a connection through kernels with little room: each direction holds `room` bytes, and a write is done once the
 * last of it is in there, as with sockets whose send and receive buffers together have so much. An ordinary user cannot make
 * those of the real kernel small.
 */
export function narrowPipe(room: number): [Duplex, Duplex] {
  const there = new Pipe(room);
  const back = new Pipe(room);
  return [new PipeEnd(there, back), new PipeEnd(back, there)];
}

class Pipe {
  readonly #held: Buffer[] = [];
  #bytes = 0;
  #rest: { chunk: Buffer; done: () => void } | undefined;
  arrived: () => void = () => undefined;

  constructor(private readonly room: number) {}

  put(chunk: Buffer, done: () => void): void {
    this.#rest = { chunk, done };
    this.#fill();
  }

  take(): Buffer | undefined {
    const chunk = this.#held.shift();
    if (chunk) this.#bytes -= chunk.length;
    this.#fill();
    return chunk;
  }

  #fill(): void {
    const rest = this.#rest;
    if (!rest) return;
    const part = rest.chunk.subarray(0, this.room - this.#bytes);
    if (part.length > 0) {
      this.#held.push(Buffer.from(part));
      this.#bytes += part.length;
      setImmediate(this.arrived);
    }
    if (part.length < rest.chunk.length) return void (rest.chunk = rest.chunk.subarray(part.length));
    this.#rest = undefined;
    setImmediate(rest.done);
  }
}

class PipeEnd extends Duplex {
  #isReading = false;

  constructor(
    private readonly out: Pipe,
    private readonly into: Pipe,
  ) {
    // What is read ahead is room too.
    super({ highWaterMark: 1 });
    into.arrived = () => this.#pass();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.out.put(chunk, done);
  }

  override _read(): void {
    this.#isReading = true;
    this.#pass();
  }

  #pass(): void {
    if (!this.#isReading) return;
    const chunk = this.into.take();
    if (!chunk) return;
    this.#isReading = false;
    this.push(chunk);
  }
}
