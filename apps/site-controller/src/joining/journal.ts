import type { SealedFiles } from '../site-directory/index.js';
import type { Joining } from './joining.js';
import { joiningFromText, joiningToText } from './joining-text.js';

const NAME = 'joining';

/** How far this site has come, on disk. */
export class Journal {
  private readonly listeners = new Set<() => void>();

  private constructor(
    private readonly files: SealedFiles,
    private kept: Joining | undefined,
  ) {}

  static async open(files: SealedFiles): Promise<Journal> {
    const text = await files.read(NAME);
    return new Journal(files, text === undefined ? undefined : joiningFromText(text));
  }

  /** Undefined: no file was taken yet. */
  get joining(): Joining | undefined {
    return this.kept;
  }

  async write(joining: Joining): Promise<void> {
    if (joining === this.kept) return;
    await this.files.write(NAME, joiningToText(joining));
    this.kept = joining;
    for (const listener of this.listeners) listener();
  }

  /** Called after each step; returns the way to stop. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}
