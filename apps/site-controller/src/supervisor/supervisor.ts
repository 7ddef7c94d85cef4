import { Child, inWords } from './child.js';
import type { ChildSpec } from './child.js';
import { EXIT, isFinal } from './exit-codes.js';
import { KeptConfiguration } from './kept-configuration.js';

type Started = Omit<ChildSpec, 'env' | 'isFinal' | 'told' | 'greeting'> & { readonly env: NodeJS.ProcessEnv };

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
 * than that. A relay begins as what it was last, also while the controller cannot tell it. Ends when it is stopped, or when
 * the controller says that starting it again cannot help.
 */
export class Supervisor {
  readonly relay: Child;
  readonly controller: Child;
  private why: string | undefined;
  private readonly kept = new KeptConfiguration();
  private heard = false;

  constructor(private readonly options: SupervisorOptions) {
    const { relay, controller, say } = options;
    const greeting = () => this.kept.handOver();
    this.relay = new Child({ ...relay, env: () => relay.env, isFinal: () => false, greeting }, say);
    this.controller = new Child(
      {
        ...controller,
        env: () => ({ ...controller.env, ...(this.heard && { CARAVAN_HEARD: 'yes' }) }),
        isFinal,
        told: ({ step, ended, configuration, heard }) => {
          if (heard) this.heard = true;
          if (configuration !== undefined) this.kept.keep(configuration);
          if (step !== undefined) say(`the site is ${step}`);
          if (ended === undefined) return;
          this.why = ended;
          say(`site-controller ends: ${ended}`); // its own log may be what it has no room for
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
    this.kept.forget();
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
