import { assertNever } from '../decider.js';
import { LogError } from '../rejection.js';

/** How the log that is there differs from the log that was witnessed. `sequence`: where. */
export type Divergence =
  /** It ends before what was seen. */
  | { readonly kind: 'went-back'; readonly sequence: number; readonly end: number }
  /** There is nothing at a place where something was, or must be. `found`: where it goes on, if it does. */
  | { readonly kind: 'incomplete'; readonly sequence: number; readonly found: number | null }
  /** Another entry stands at this place than the one that was seen. */
  | { readonly kind: 'replaced'; readonly sequence: number }
  /** The chain is another at `sequence`, and was the right one at `after`: an entry in between was changed. */
  | { readonly kind: 'altered'; readonly sequence: number; readonly after: number }
  /** The entry names another previous commit of its stream than the one that is there. */
  | { readonly kind: 'unlinked'; readonly sequence: number; readonly stream: string }
  /** There is no log at all any more. */
  | { readonly kind: 'missing'; readonly sequence: number };

/** What is wrong, and where. No remedy: that depends on who reads it. */
export function describeDivergence(divergence: Divergence): string {
  const { sequence } = divergence;
  switch (divergence.kind) {
    case 'went-back':
      return `the log ends at position ${divergence.end}, but position ${sequence} was witnessed: it lost what came later, or an older copy was restored`;
    case 'incomplete': {
      const on = divergence.found === null ? '' : ` and goes on at ${divergence.found}`;
      return `the log has nothing that can be read at position ${sequence}${on}: a part of it was lost or damaged`;
    }
    case 'replaced':
      return `position ${sequence} of the log holds another entry than the one that was witnessed there: the log was replaced`;
    case 'altered':
      return `the log is not what was witnessed: something behind position ${divergence.after}, up to ${sequence}, was changed`;
    case 'unlinked':
      return `position ${sequence} of the log (${divergence.stream}) does not follow what stands before it on its stream: the log was changed`;
    case 'missing':
      return `there is no log any more, but position ${sequence} was witnessed: it was deleted`;
    default:
      return assertNever(divergence);
  }
}

/** What somebody can do about it. */
export const DIVERGED_REMEDY =
  'restore the log that has it all and restart the services, or accept the log as it is: docs/reliability.md, "The log"';

/** What a writer is told. `since`: when it was noticed. */
export const divergedError = (says: string, sequence: number, since: Date): LogError =>
  new LogError('log.diverged', `${says}. Writes are refused and reads go on. Remedy: ${DIVERGED_REMEDY}`, {
    sequence,
    since: since.toISOString(),
  });
