import type { SealedFiles } from '../site-directory/index.js';
import { nothingDesired, understood } from './desired-state.js';
import type { DesiredState, Understood } from './desired-state.js';
import { desiredStateFromText, desiredStateToText } from './desired-state-text.js';

const NAME = 'desired-state';

/** The desired state of this site; on disk before anybody acts on it, so that a restart without management acts the same. */
export class DesiredStateStore {
  private readonly listeners = new Set<() => void>();

  private read: { readonly of: DesiredState['entries']; readonly as: Understood } | undefined;

  /** The revision with which the entries came that are there now. */
  private changedAt: number;

  private constructor(
    private readonly files: SealedFiles,
    private kept: DesiredState,
  ) {
    this.changedAt = kept.revision;
  }

  static async open(files: SealedFiles): Promise<DesiredStateStore> {
    const text = await files.read(NAME);
    return new DesiredStateStore(files, text === undefined ? nothingDesired : desiredStateFromText(text));
  }

  get state(): DesiredState {
    return this.kept;
  }

  /** The same as items. */
  get understood(): Understood {
    const { entries } = this.kept;
    if (this.read?.of !== entries) this.read = { of: entries, as: understood(this.kept) };
    return this.read.as;
  }

  async keep(state: DesiredState): Promise<void> {
    if (state.entries === this.kept.entries) {
      this.kept = state; // a position alone is not worth a write: after a restart the same question gets the same delta
      return;
    }
    await this.files.write(NAME, desiredStateToText(state));
    this.kept = state;
    this.changedAt = state.revision;
    for (const listener of this.listeners) listener();
  }

  /** How far somebody is who acted on what was kept at `revision`: what changed nothing for this site needs no act. */
  reachedWith(revision: number): number {
    return revision >= this.changedAt ? this.kept.revision : revision;
  }

  /** Called after each change; returns the way to stop. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}
