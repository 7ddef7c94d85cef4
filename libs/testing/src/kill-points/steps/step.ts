import type { KillPoint } from '@caravan/kill-points';
import type { Role, Victim } from '../roles.js';
import type { Scenario } from '../visit.js';

/** A passage: a point, what it is about, and who comes by. */
export interface Where {
  readonly point: KillPoint;
  readonly about?: RegExp;
  readonly by: Role;
}

/** A named step of a scenario, at which the one or the other is killed. */
export interface Step extends Where {
  readonly scenario: Scenario;
  /** What has happened, and what has not: `the claim is in the log, the site has no answer`. */
  readonly name: string;
  /** Only passages behind this one count. Where it is a commit, before the log has it: who reacts to it may be quicker than the next trap. */
  readonly after?: Where;
  /** These wait meanwhile: what they do would make the step needless. */
  readonly meanwhile?: readonly Where[];
  /** Who is held goes on first, and the kill comes while what they began is on its way. */
  readonly onItsWay?: true;
  /** Whom `npm test` kills here; the long suite kills everybody. */
  readonly quick: readonly Victim[];
}

type Rest = Omit<Step, 'scenario' | 'name' | 'point' | 'by' | 'quick'>;

/** Steps of one scenario: `at('it is decided', 'append.decided', 'management-controller', { about: /Claimed/ }, 'postgres')`. */
export const stepsOf =
  (scenario: Scenario) =>
  (name: string, point: KillPoint, by: Role, more: Rest, ...quick: Victim[]): Step => ({
    scenario,
    name,
    point,
    by,
    ...more,
    quick,
  });
