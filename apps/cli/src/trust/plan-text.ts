import type { RevocationPlan, RotationPlan } from '@caravan/api';

type Sites = RevocationPlan['enforcers'];

const sitesText = ({ concerned, away, tooOld }: Sites): string => {
  const parts = [`${concerned} ${concerned === 1 ? 'site' : 'sites'}`];
  if (away.length > 0) parts.push(`${away.length} away`);
  if (tooOld.length > 0) parts.push(`${tooOld.length} too old`);
  return parts.join(', ');
};

const named = ({ away, tooOld }: Sites): string[] =>
  [...away, ...tooOld].map(
    ({ siteId, name, lastSeenAt, detail }) =>
      `    ${name ?? siteId}: ${detail}${lastSeenAt ? `, heard last ${lastSeenAt}` : ''}`,
  );

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** What a revocation would do, for somebody who is about to ask for it. */
export function revocationPlanText({ targetKind, name, revoked, enforcers, ends, wayBack }: RevocationPlan): string {
  const more = (count: number, names: readonly string[]): string =>
    count > names.length ? `${names.join(', ')}, …` : names.join(', ');
  return text([
    `${targetKind} ${name}${revoked ? ' was revoked already.' : ' would be revoked. Nothing was done.'}`,
    `  Enforced by ${sitesText(enforcers)}.`,
    ...named(enforcers),
    '  What ends:',
    ...ends.map(({ what, count, names }) => `    ${count} ${what}: ${more(count, names)}`),
    `  Coming back: ${wayBack}`,
  ]);
}

const signatureText = ({ kind, issuer }: RotationPlan['signatures'][number]): string =>
  kind === 'root' ? 'root (bring the next one: cert-service init --next)' : `${kind} (${issuer})`;

/** What a rotation would do. */
export function rotationPlanText(plan: RotationPlan): string {
  const { ownerKind, ordinal, underWay, phases, renewed, worthless, below, signatures, reconnects } = plan;
  const list = (found: readonly { count: number }[], what: (each: never) => string): string =>
    found.map((each) => `${each.count} ${what(each as never)}`).join(', ');
  const lines = [
    underWay
      ? `A rotation of this ${ownerKind} is under way, to ordinal ${ordinal}.`
      : `The authorities of the ${ownerKind} would be replaced by those of ordinal ${ordinal}. Nothing was done.`,
    ...phases.flatMap(({ phase, sites }) => [`  ${phase.padEnd(9)} ${sitesText(sites)}`, ...named(sites)]),
  ];
  if (renewed.length > 0)
    lines.push(`  Renewed: ${list(renewed, ({ holderKind }: { holderKind: string }) => holderKind)}`);
  if (worthless.length > 0) {
    lines.push(`  To be downloaded again: ${list(worthless, ({ what }: { what: string }) => what)}`);
  }
  if (below.length > 0)
    lines.push(`  After it: ${below.map(({ ownerKind: kind, name }) => `${kind} ${name}`).join(', ')}`);
  if (signatures.length > 0) lines.push(`  Waits for signatures: ${signatures.map(signatureText).join(', ')}`);
  if (reconnects > 0) lines.push(`  All sites connect to the management plane anew ${reconnects} times.`);
  return text(lines);
}
