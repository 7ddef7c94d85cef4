import type { AccessKind, Item, ItemState, Observation } from '@caravan/data-plane';
import { keyOf } from '@caravan/data-plane';
import { HEARS_LINK_CERTIFICATES, HEARS_PROOF, MAX_SITE_MESSAGE_BYTES } from '@caravan/events';
import type { Report, SuppliedProof } from '@caravan/events';

export interface ReportInput {
  /** By which it was told what it shall be. */
  readonly capability: number;
  readonly version: string;
  readonly appliedRevision: number;
  readonly host: string | null;
  /** Of a backbone site that has looked what its operator supplies. */
  readonly proof?: SuppliedProof | null;
  /** Of a site that has looked what is supplied for its links. */
  readonly linkCertificates?: Report['linkCertificates'];
  readonly items: readonly Item[];
  /** Key -> why this version does not carry it out. */
  readonly refused: ReadonlyMap<string, string>;
  /** Undefined while the data plane is away. */
  readonly observed: Observation | undefined;
  /** Whom no door lets in for now. */
  readonly shut: ReadonlySet<AccessKind>;
  readonly certificateState: (item: Extract<Item, { kind: 'certificate' }>) => ItemState;
}

const MOST_DETAIL = 1024;
const SHUT = 'shut until the management plane has said who was revoked while this site was away';

/**
 * What is true of every item: the data plane says it of what it was given, this site of its certificates and of what it
 * does not understand. Pure.
 */
export function observationOf({
  items,
  refused,
  observed,
  shut,
  certificateState,
}: Omit<
  ReportInput,
  'capability' | 'version' | 'appliedRevision' | 'host' | 'proof' | 'linkCertificates'
>): Observation {
  const states: Record<string, ItemState> = {};
  for (const item of items) {
    const key = keyOf(item);
    if (item.kind === 'certificate') states[key] = certificateState(item);
    else if (item.kind === 'control')
      states[key] = { state: 'applied' }; // read at the next connection
    else if (!observed) states[key] = { state: 'waiting', detail: 'the relay of this site is away' };
    else if (item.kind === 'admission' && shut.has(item.access)) states[key] = { state: 'waiting', detail: SHUT };
    else states[key] = observed.items[key] ?? { state: 'waiting', detail: 'the relay has not taken it yet' };
  }
  for (const [key, reason] of refused) states[key] = { state: 'refused', detail: reason };
  for (const [key, { detail, distrust: _, ...state }] of Object.entries(states)) {
    states[key] = { ...state, ...(detail !== undefined && { detail: detail.slice(0, MOST_DETAIL) }) };
  }
  return { items: states, links: observed?.links ?? [] };
}

/** A report that goes into one message, whatever the size of the site: the least telling is left out first. Pure. */
export function reportOf(about: ReportInput): Report {
  const { capability, version, appliedRevision, host, proof, linkCertificates, ...input } = about;
  const whole = observationOf(input);
  const report = (observation: Observation): Report => ({
    capability,
    version,
    appliedRevision,
    host,
    // A management plane that does not know of them would refuse the whole of it.
    ...(proof !== undefined && capability >= HEARS_PROOF && { proof }),
    ...(linkCertificates && capability >= HEARS_LINK_CERTIFICATES && { linkCertificates }),
    observation,
  });
  const withoutChains = { ...whole, links: whole.links.map((link) => ({ ...link, peerChain: [] })) };
  const withoutLinks = { ...whole, links: [] };
  const troubled = Object.entries(whole.items).filter(
    ([, { state, port }]) => state !== 'applied' || port !== undefined,
  );
  const shortened = [whole, withoutChains, withoutLinks, { items: Object.fromEntries(troubled), links: [] }];
  return shortened.map(report).find(fits) ?? report({ items: {}, links: [] });
}

const fits = (report: Report): boolean => Buffer.byteLength(JSON.stringify(report)) <= MAX_SITE_MESSAGE_BYTES;
