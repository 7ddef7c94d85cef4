import type { ReportedCondition } from '@caravan/events';
import type { Condition } from './condition.js';
import { Followers } from './followers.js';

/** A condition that keeps a service from doing its work. */
export interface Trouble {
  readonly component: string;
  readonly says: string;
}

/** Says what is wrong now, or nothing. Asked often: it looks at a variable and does no IO. */
export type Check = () => string | Condition | undefined;

/**
 * What a service knows about its own state. Every part that can fail registers one check:
 *
 * @example
 * service.health.watch('witness', () => diverged && { code: 'log.diverged', says: '...', remedy: '...' });
 */
export class Health {
  readonly followers = new Followers();
  readonly #checks = new Map<string, Check>();
  readonly #since = new Map<string, string>();

  constructor(private readonly now: () => Date = () => new Date()) {}

  /** Later checks of the same component replace earlier ones. Returns the way to remove it. */
  watch(component: string, check: Check): () => void {
    this.#checks.set(component, check);
    return () => {
      if (this.#checks.get(component) === check) this.#checks.delete(component);
    };
  }

  /** Every component and how it is. Asked once a second, so that `since` is when it began and not when somebody looked. */
  conditions(): ReportedCondition[] {
    return [...this.#checks].map(([component, check]) => this.#reported(component, conditionOf(check)));
  }

  /** What keeps the service from doing its work now. */
  troubles(): Trouble[] {
    return [...this.#checks].flatMap(([component, check]) => {
      const condition = conditionOf(check);
      return condition === undefined || condition.hinders === false ? [] : [{ component, says: condition.says }];
    });
  }

  #reported(component: string, condition: Condition | undefined): ReportedCondition {
    if (!condition) {
      this.#since.delete(component);
      return { component, status: 'ok', says: 'fine', since: null, remedy: null, code: null };
    }
    const since = this.#since.get(component) ?? this.now().toISOString();
    this.#since.set(component, since);
    const { says, status = 'degraded', remedy = null, code = null } = condition;
    return { component, status, says, since, remedy, code };
  }
}

const conditionOf = (check: Check): Condition | undefined => {
  const said = check();
  return typeof said === 'string' ? { says: said } : said;
};
