import * as fs from 'node:fs';

/** What may wait for whoever takes the lines, in characters: some thousand lines. More are left out, and counted. */
const MOST_WAITING = 1024 * 1024;
const AGAIN_MS = 100;
const NOTHING = Buffer.alloc(0);
const NEWLINE = 0x0a;

/** What is needed of `node:fs`. */
export interface Files {
  write(fd: number, data: Buffer, done: (error: NodeJS.ErrnoException | null, written: number) => void): void;
  writeSync(fd: number, data: Buffer): number;
}

/**
 * Lines to a descriptor, one after the other and never while the caller waits. Node writes standard output at once where it is a file
 * or a pipe (its documentation, "A note on process I/O"): a disk that is busy for seconds, or a reader that stands still, would hold
 * up all that a relay carries. What the descriptor does not take, and what is too much, is left out; `leftOut` hears how many lines
 * that were, once it takes some again. When its reader has gone there is nobody to tell.
 */
export class LinesTo {
  #waiting = '';
  #underWay = NOTHING;
  #isWriting = false;
  /** Whether what was taken last ends within a line. */
  #isTorn = false;
  /** Whether what is under way begins with the end of a line whose rest was left out. */
  #isMending = false;
  #leftOut = 0;
  #isRead = true;

  constructor(
    private readonly fd: number,
    private readonly leftOut: (lines: number) => void,
    private readonly files: Files = fs,
  ) {}

  write(line: string): void {
    if (!this.#isRead) return;
    if (this.#waiting.length + line.length > MOST_WAITING) this.#leftOut++;
    else this.#waiting += line;
    if (this.#underWay.length === 0) this.#next();
  }

  /** Writes what waits, at once: for a process that ends. What is under way comes by itself. */
  finish(): void {
    if (this.#underWay.length === 0) this.#takeWaiting();
    const rest = Buffer.concat([this.#isWriting ? NOTHING : this.#underWay, Buffer.from(this.#waiting)]);
    this.#waiting = '';
    try {
      for (let written = 0; this.#isRead && written < rest.length;) {
        written += this.files.writeSync(this.fd, rest.subarray(written));
      }
    } catch {
      // Nobody takes it, and nobody is left to tell.
    }
  }

  #next(): void {
    if (this.#waiting === '') return;
    this.#takeWaiting();
    this.#write();
  }

  #takeWaiting(): void {
    this.#isMending = this.#isTorn;
    this.#underWay = Buffer.from(this.#isTorn ? `\n${this.#waiting}` : this.#waiting);
    this.#waiting = '';
  }

  #write(): void {
    this.#isWriting = true;
    this.files.write(this.fd, this.#underWay, (error, written) => {
      this.#isWriting = false;
      if (error) return this.#fail(error);
      if (written > 0) this.#isTorn = this.#underWay[written - 1] !== NEWLINE;
      this.#isMending = false;
      this.#underWay = this.#underWay.subarray(written);
      if (this.#underWay.length > 0) return this.#write();
      this.#next(); // first: what tells is a line, too, and has room now
      this.#tellLeftOut();
    });
  }

  #fail({ code }: NodeJS.ErrnoException): void {
    if (code === 'EAGAIN') return void setTimeout(() => this.#write(), AGAIN_MS).unref();
    if (code === 'EPIPE') this.#isRead = false;
    this.#leftOut += linesIn(this.#underWay) - (this.#isMending ? 1 : 0);
    this.#underWay = NOTHING;
    // What waits is tried with the next line: a disk that is full is not asked without end.
  }

  #tellLeftOut(): void {
    const lines = this.#leftOut;
    this.#leftOut = 0;
    if (lines > 0) this.leftOut(lines);
  }
}

const linesIn = (text: Buffer): number => text.toString().split('\n').length - 1;
