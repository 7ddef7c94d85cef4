/** A pause that others can cut short. After `end` nothing waits any more. */
export class Waiting {
  private over = false;
  private rouse: (() => void) | undefined;
  /** Woken while nobody was waiting: the next pause is none. */
  private roused = false;

  get ended(): boolean {
    return this.over;
  }

  /** Resolves after so long, or only when woken. */
  async pause(ms?: number): Promise<void> {
    if (!this.roused && !this.over) {
      await new Promise<void>((resolve) => {
        const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
        this.rouse = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.rouse = undefined;
    }
    this.roused = false;
  }

  wake(): void {
    if (this.rouse) this.rouse();
    else this.roused = true;
  }

  end(): void {
    this.over = true;
    this.wake();
  }
}
