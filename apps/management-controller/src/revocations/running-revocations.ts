import type { RevocationEvent, RevocationTarget } from '@caravan/events';
import { assertNever } from '@caravan/event-store';
import type { Recorded } from '@caravan/event-store';

/** A revocation that not everybody has confirmed, as far as the log says. */
export interface RunningRevocation {
  readonly revocationId: string;
  readonly target: RevocationTarget;
  /** What a site must have taken in before it can enforce it. */
  readonly position: number;
  /** Who has confirmed. */
  readonly confirmed: ReadonlySet<string>;
}

/** Kept by a fold: what is not enforced everywhere yet, and single certificates that are worth nothing for good. */
export class RunningRevocations {
  readonly #running = new Map<string, RunningRevocation & { readonly confirmed: Set<string> }>();
  readonly #certificates = new Set<string>();

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

  apply({ type, data }: RevocationEvent, { position }: Pick<Recorded, 'position'>): void {
    const { revocationId } = data;
    switch (type) {
      case 'RevocationRequested': {
        const { target } = data;
        if (target.kind === 'certificate') this.#certificates.add(target.serial);
        this.#running.set(revocationId, { revocationId, target, position, confirmed: new Set() });
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
