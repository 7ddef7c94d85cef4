import type { Holder, RevocationEvent, RevocationTarget } from '@caravan/events';
import { assertNever } from '@caravan/event-store';
import type { Recorded } from '@caravan/event-store';
import type { Enforcers } from './enforcers.js';

/** A revocation that not everybody has confirmed, as far as the log says. */
export interface RunningRevocation {
  readonly revocationId: string;
  readonly enforcers: Enforcers;
  /** What a site must have taken in before it can enforce it. */
  readonly position: number;
  /** Who has confirmed. */
  readonly confirmed: ReadonlySet<string>;
}

/** Kept by a fold: what is not enforced everywhere yet, and single certificates that are worth nothing for good. */
export class RunningRevocations {
  readonly #running = new Map<string, RunningRevocation & { readonly confirmed: Set<string> }>();
  /** By serial: where it was shown, and until when anybody would have taken it, in milliseconds since 1970. */
  readonly #certificates = new Map<string, { readonly place: string; readonly until: number }>();

  get size(): number {
    return this.#running.size;
  }

  values(): RunningRevocation[] {
    return [...this.#running.values()];
  }

  of(revocationId: string): RunningRevocation | undefined {
    return this.#running.get(revocationId);
  }

  /** By the certificate's serial, lower-case hex. Not by its fingerprint: an ECDSA signature can be written in two ways. */
  isRevoked(serial: string): boolean {
    return this.#certificates.has(serial);
  }

  /** How many single certificates are refused where this one would be shown. */
  countBeside(holder: Holder, now: Date): number {
    const at = placeOf(holder);
    return [...this.#certificates.values()].filter(({ place, until }) => place === at && until > now.getTime()).length;
  }

  /** `enforcersOf`: who has to do something about it, as things stand at that event. */
  apply(
    { type, data }: RevocationEvent,
    { position }: Pick<Recorded, 'position'>,
    enforcersOf: (target: RevocationTarget) => Enforcers,
  ): void {
    const { revocationId } = data;
    switch (type) {
      case 'RevocationRequested': {
        const { target } = data;
        if (target.kind === 'certificate') {
          const { serial, holder, notAfter } = target;
          this.#certificates.set(serial, { place: placeOf(holder), until: Date.parse(notAfter) });
        }
        const enforcers = enforcersOf(target);
        this.#running.set(revocationId, { revocationId, enforcers, position, confirmed: new Set() });
        return;
      }
      case 'RevocationConfirmed':
        for (const { siteId } of data.sites) this.#running.get(revocationId)?.confirmed.add(siteId);
        return;
      case 'RevocationEnforced':
        this.#running.delete(revocationId);
        return;
      default:
        assertNever(type);
    }
  }
}

/** Certificates of one place are refused by one list. */
const placeOf = (holder: Holder): string => {
  const owner = 'networkId' in holder ? holder.networkId : 'backboneId' in holder ? holder.backboneId : '';
  return `${holder.kind}/${holder.kind === 'access-point' ? holder.accessPointId : owner}`;
};
