import { readFileSync, statSync } from 'node:fs';

/** The text of a file that somebody replaces while we run: looked at whenever it is asked for, read when it is another. */
export class CurrentFile {
  #mark = '';
  #text = '';

  constructor(readonly path: string) {}

  /** @throws Error as of `node:fs`, also when it was there before: what cannot be read says nothing */
  text(): string {
    const { ino, size, mtimeNs } = statSync(this.path, { bigint: true });
    const mark = [ino, size, mtimeNs].join();
    if (mark !== this.#mark) {
      this.#text = readFileSync(this.path, 'utf8');
      this.#mark = mark;
    }
    return this.#text;
  }
}
