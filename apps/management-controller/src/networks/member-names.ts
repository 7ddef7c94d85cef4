/** What the members of an invitation are called: the prefix itself when there can be only one, else `<prefix>-<n>`. */
export interface MemberNames {
  readonly namePrefix: string;
  readonly instanceLimit: number | null;
}

/** The name of the `ordinal`-th member. */
export const memberName = ({ namePrefix, instanceLimit }: MemberNames, ordinal: number): string =>
  instanceLimit === 1 ? namePrefix : `${namePrefix}-${ordinal}`;

/**
 * Whether two invitations of one network could ever name two members alike. Decided when the second is issued, so that a
 * claim needs no look at any other.
 */
export function memberNamesCollide(one: MemberNames, other: MemberNames): boolean {
  const single = (names: MemberNames) => names.instanceLimit === 1;
  if (single(one) === single(other)) return one.namePrefix === other.namePrefix;
  const [alone, many] = single(one) ? [one, other] : [other, one];
  const match = /^(.+)-([1-9][0-9]*)$/.exec(alone.namePrefix);
  const ordinal = Number(match?.[2]);
  return match?.[1] === many.namePrefix && (many.instanceLimit === null || ordinal <= many.instanceLimit);
}
