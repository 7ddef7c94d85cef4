/** The world of one run of `caravan`: everything that a command reads or writes beside the servers it calls. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  readonly isInteractive: boolean;
  /** Results, and nothing else. */
  out(text: string): void;
  /** Dark on light, whatever colours it has; absent where nobody looks at results. */
  readonly outDarkOnLight?: ((lines: readonly string[]) => void) | undefined;
  /** Progress and errors. */
  err(text: string): void;
  /** Puts a question to whoever sits there, and resolves with the line that they type; absent where nobody does. Rejects at the end of input. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  now(): Date;
  newId(): string;
  /** Until the returned function is called, Ctrl-C and SIGTERM call `handler` instead of ending the process. */
  onInterrupt(handler: () => void): () => void;
}
