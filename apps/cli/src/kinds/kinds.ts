import { usageError } from '../failures/cli-error.js';
import { certificateKinds } from './certificate.kinds.js';
import { endpointKinds } from './endpoint.kinds.js';
import { invitationKinds } from './invitation.kinds.js';
import type { Kind, KindName } from './kind.js';
import { networkKinds } from './network.kinds.js';
import { nearest } from './nearest.js';
import { topologyKinds } from './topology.kinds.js';
import { trustChangeKinds } from './trust-change.kinds.js';

/** The one table of kinds; every verb is driven by it. */
export const kinds: readonly Kind[] = [
  ...topologyKinds,
  ...networkKinds,
  ...invitationKinds,
  ...endpointKinds,
  ...certificateKinds,
  ...trustChangeKinds,
];

const byName = new Map(kinds.map((kind) => [kind.name, kind]));

export const kindOf = (name: KindName): Kind => {
  const kind = byName.get(name);
  if (kind === undefined) throw new Error(`no kind "${name}" in the table`);
  return kind;
};

export const wordsFor = (kind: Kind): readonly string[] => [kind.name, kind.plural, ...kind.short];

export const findKind = (word: string): Kind | undefined =>
  kinds.find((kind) => wordsFor(kind).includes(word.toLowerCase()));

/** The kind that a field of another resource points to: `backboneId`, or what the kind's own table says. */
export const kindOfField = (kind: Kind, field: string): Kind | undefined => {
  const named = kind.refs?.[field];
  return named !== undefined ? kindOf(named) : kinds.find((each) => each.idField === field && !each.foundAs);
};

/** What to answer when a word is no kind of this verb: the nearest one, and all of them. */
export const unknownKind = (word: string, verb: string, choices: readonly Kind[]): Error => {
  const known = findKind(word);
  if (known) {
    const why = known.madeBy ?? `There is no "caravan ${verb}" for ${known.plural}.`;
    return usageError('cli.verb-unknown-for-kind', why, `caravan ${verb} --help`);
  }
  const meant = nearest(word, choices.flatMap(wordsFor));
  const list = choices.map((kind) => kind.plural).join(', ');
  return usageError(
    'cli.unknown-kind',
    `There is no kind "${word}". Kinds: ${list}.`,
    meant === undefined ? [] : `caravan ${verb} ${meant}`,
  );
};
