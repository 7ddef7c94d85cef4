import { authorityIssuerSchema, BackboneCreated, backboneStream } from '@caravan/events';
import type { AuthorityIssuer, BackboneEvent } from '@caravan/events';
import type { EventStore } from '@caravan/event-store';
import { z } from 'zod';
import { LatestUsed } from '../authorities/latest-used.js';

/** Authorities that somebody else may sign. Those below them, which listeners trust, are always signed here. */
const CHOSEN = ['management', 'backbone', 'network'] as const;
export type ChosenKind = (typeof CHOSEN)[number];
const ISSUERS = authorityIssuerSchema.options;

/** Who signs which authorities, of those that it names. */
export type IssuerChoices = Readonly<Partial<Record<ChosenKind, AuthorityIssuer>>>;

/** cert-manager leaves path lengths out, and the management authority signs leaves (docs/adr/0018). */
const isPossible = (kind: ChosenKind, issuer: AuthorityIssuer): boolean =>
  kind !== 'management' || issuer !== 'cert-manager';

const isOf = <T extends string>(all: readonly T[], text: string): text is T =>
  (all as readonly string[]).includes(text);

/** `offline` for all of them, or `backbone=offline,network=cert-manager` for some. */
export const issuerChoices = () =>
  z
    .string()
    .transform((text, context): IssuerChoices => {
      if (isOf(ISSUERS, text)) {
        return Object.fromEntries(CHOSEN.filter((kind) => isPossible(kind, text)).map((kind) => [kind, text]));
      }
      const choices: Partial<Record<ChosenKind, AuthorityIssuer>> = {};
      for (const part of text.split(',')) {
        const [kind = '', issuer = ''] = part.trim().split('=');
        if (isOf(CHOSEN, kind) && isOf(ISSUERS, issuer) && isPossible(kind, issuer)) choices[kind] = issuer;
        else {
          const message = `"${part}" is not <authority>=<issuer>: ${CHOSEN.join(', ')}; ${ISSUERS.join(', ')}`;
          context.addIssue({ code: 'custom', message });
        }
      }
      return choices;
    })
    .optional()
    .describe(
      'who signs new authorities: "offline" for all, "backbone=offline,network=cert-manager" for some; default: internal, the authority above them',
    );

/** What a backbone was created with. */
export interface BackboneIssuers {
  of(backboneId: string): Promise<EventOfCreation['issuers'] | undefined>;
}
type EventOfCreation = ReturnType<typeof BackboneCreated>['data'];

const MAX_KNOWN = 1_000;

/** Read from its stream once: it never changes. */
export class RecordedBackboneIssuers implements BackboneIssuers {
  readonly #known = new LatestUsed<EventOfCreation['issuers']>(MAX_KNOWN);

  constructor(private readonly log: Pick<EventStore, 'read'>) {}

  async of(backboneId: string): Promise<EventOfCreation['issuers'] | undefined> {
    const known = this.#known.get(backboneId);
    if (known) return known;
    const { events } = await this.log.read(backboneStream(backboneId));
    const created = (events as readonly BackboneEvent[]).find((event) => event.type === BackboneCreated.type);
    if (created?.type !== BackboneCreated.type) return undefined;
    this.#known.set(backboneId, created.data.issuers);
    return created.data.issuers;
  }
}

/** Before there is a log, nothing is known of any backbone. */
export const NO_BACKBONES: BackboneIssuers = { of: () => Promise.resolve(undefined) };

/** As the backbone was created with, else as the installation has it. */
export async function issuerOf(
  kind: ChosenKind,
  backboneId: string | undefined,
  { installation, backbones }: { readonly installation: IssuerChoices; readonly backbones: BackboneIssuers },
): Promise<AuthorityIssuer> {
  const own = kind !== 'management' && backboneId !== undefined ? (await backbones.of(backboneId))?.[kind] : null;
  return own ?? installation[kind] ?? 'internal';
}
