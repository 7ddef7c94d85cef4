/**
 * What the members of an invitation are called: the prefix itself when there can be only one, else `<prefix>-<n>`; or
 * `<prefix>-<name>` where whoever joins gives the name.
 */
export interface MemberNames {
  readonly namePrefix: string;
  readonly instanceLimit: number | null;
  readonly interactive: boolean;
  /** Whoever is declined leaves a place, and no number: more are given than the limit. */
  readonly approval: boolean;
}

const LONGEST_NAME = 63;

/** The name of a member that was called `name` by who joined; undefined: it would be too long. */
export function memberNameOf({ namePrefix }: MemberNames, name: string): string | undefined {
  const whole = `${namePrefix}-${name}`;
  return whole.length > LONGEST_NAME ? undefined : whole;
}

/** The name of the `ordinal`-th member. */
export const memberName = ({ namePrefix, instanceLimit }: MemberNames, ordinal: number): string =>
  instanceLimit === 1 ? namePrefix : `${namePrefix}-${ordinal}`;

/**
 * Whether two invitations of one network could ever name two members alike. Decided when the second is issued, so that a
 * claim needs no look at any other.
 */
export function memberNamesCollide(one: MemberNames, other: MemberNames): boolean {
  if (one.interactive) return mayBeginWith(other, `${one.namePrefix}-`);
  if (other.interactive) return mayBeginWith(one, `${other.namePrefix}-`);
  const single = (names: MemberNames) => names.instanceLimit === 1;
  if (single(one) === single(other)) return one.namePrefix === other.namePrefix;
  const [alone, many] = single(one) ? [one, other] : [other, one];
  const match = /^(.+)-([1-9][0-9]*)$/.exec(alone.namePrefix);
  const ordinal = Number(match?.[2]);
  const isNumbered = many.approval || many.instanceLimit === null || ordinal <= many.instanceLimit;
  return match?.[1] === many.namePrefix && isNumbered;
}

/** Whether a member of these could be called something that begins so. */
function mayBeginWith({ namePrefix, instanceLimit, interactive }: MemberNames, beginning: string): boolean {
  if (interactive) return `${namePrefix}-`.startsWith(beginning) || beginning.startsWith(`${namePrefix}-`);
  return (instanceLimit === 1 ? namePrefix : `${namePrefix}-`).startsWith(beginning);
}
