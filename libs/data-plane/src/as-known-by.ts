import type { AdmissionItem, Item, LinkItem } from './items.js';

type NewerField = Extract<
  keyof AdmissionItem | keyof LinkItem,
  'retired' | 'revoked' | 'identities' | 'supplied' | 'suppliedBefore' | 'pinned' | 'suppliedFingerprint'
>;

/** Since which capability it knows of items of a kind. */
const KINDS_SINCE: Partial<Readonly<Record<Item['kind'], number>>> = { control: 5 };

/** Since which capability of the site protocol (libs/events) a site knows of what may be left out: a lower one refuses the whole item. */
export const FIELDS_SINCE: Readonly<Record<NewerField, number>> = {
  retired: 3,
  revoked: 4,
  identities: 5,
  supplied: 8,
  suppliedBefore: 8,
  pinned: 9,
  suppliedFingerprint: 9,
};
const fields = Object.keys(FIELDS_SINCE) as NewerField[];

/**
 * The item as a site of this capability is told it; undefined: it is not told it at all. One that knows of nothing retired ends its links by that, and dials them again;
 * one that knows of nothing revoked goes on letting it in; one that knows of no identities, or of nothing supplied, dials whoever proves the host; one that
 * knows of nothing pinned lets those in by their own certificates alone.
 */
export function asKnownBy(capability: number, item: Item): Item | undefined {
  if (capability < (KINDS_SINCE[item.kind] ?? 1)) return undefined;
  if (item.kind === 'link' && (item.supplied ?? item.suppliedBefore) && capability < FIELDS_SINCE.supplied)
    return asKnownBy(capability, byHost(item));
  if (item.kind !== 'admission' && item.kind !== 'link') return item;
  const unknown = fields.filter((field) => field in item && capability < FIELDS_SINCE[field]);
  if (unknown.length === 0) return item;
  const told: Partial<Record<NewerField, unknown>> & typeof item = { ...item };
  for (const field of unknown) delete told[field];
  return told;
}

function byHost({
  supplied = [],
  suppliedBefore = [],
  identities: _,
  trust,
  retired = [],
  ...link
}: LinkItem): LinkItem {
  const before = [...retired, ...suppliedBefore].slice(0, 8);
  return { ...link, trust: [...trust, ...supplied], ...(before.length > 0 && { retired: before }) };
}
