import { Child, inWords } from './child.js';
import type { ChildSpec } from './child.js';
import { EXIT, isFinal } from './exit-codes.js';

type Started = Omit<ChildSpec, 'isFinal' | 'told'>;

export interface SupervisorOptions {
  /** Carries traffic, and goes on doing so while the controller is away. */
  readonly relay: Started;
  readonly controller: Started;
  readonly say: (line: string) => void;
  /** Default 7 s: whoever stops us waits ten. */
  readonly killAfterMs?: number;
}

/**
 * Keeps relay and site-controller running, each by itself: one that dies is started again, and the other does not notice more
 * than that. Ends when it is stopped, or when the controller says that starting it again cannot help.
 */
export class Supervisor {
  readonly relay: Child;
  readonly controller: Child;
  private why: string | undefined;

  constructor(private readonly options: SupervisorOptions) {
    const { relay, controller, say } = options;
    this.relay = new Child({ ...relay, isFinal: () => false }, say);
    this.controller = new Child(
      {
        ...controller,
        isFinal,
        told: ({ step, ended }) => {
          if (step !== undefined) say(`the site is ${step}`);
          if (ended !== undefined) this.why = ended;
        },
      },
      say,
    );
  }

  /** Resolves with the exit code when both have ended. */
  async run(): Promise<number> {
    const { say } = this.options;
    const relayed = this.relay.run();
    const end = await this.controller.run();
    this.stop();
    await relayed;
    if (!isFinal(end.code)) return EXIT.done;
    const refused = end.code === EXIT.refused;
    say(`${refused ? 'joining was refused for ever' : 'the site cannot be started'}: ${this.why ?? inWords(end)}`);
    return end.code;
  }

  stop(): void {
    const { killAfterMs = 7_000 } = this.options;
    this.controller.stop(killAfterMs);
    this.relay.stop(killAfterMs);
  }
}
