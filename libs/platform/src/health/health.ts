/** One thing that keeps a service from doing its work, in words for whoever reads the status page. */
export interface Trouble {
  readonly component: string;
  readonly says: string;
}

/** Says what is wrong now, or nothing. Asked often: it looks at a variable and does no IO. */
export type Check = () => string | undefined;

/** What a service knows about its own state. Every part that can fail registers one check. */
export class Health {
  readonly #checks = new Map<string, Check>();

  /** Later checks of the same component replace earlier ones. Returns the way to remove it. */
  watch(component: string, check: Check): () => void {
    this.#checks.set(component, check);
    return () => {
      if (this.#checks.get(component) === check) this.#checks.delete(component);
    };
  }

  /** Every component with what is wrong with it; undefined: nothing. */
  components(): { readonly component: string; readonly says: string | undefined }[] {
    return [...this.#checks].map(([component, check]) => ({ component, says: check() }));
  }

  troubles(): Trouble[] {
    return [...this.#checks].flatMap(([component, check]) => {
      const says = check();
      return says === undefined ? [] : [{ component, says }];
    });
  }
}
