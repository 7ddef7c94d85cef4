import type { AccessKind, AdmissionItem, ItemState } from '@caravan/data-plane';

/**
 * The doors of all access points: an access kind and a server name lead to one admission. Two admissions of one name would
 * make trust depend on their order, so the first by id stands and the others are refused.
 */
export class Doors {
  readonly #byName = new Map<string, AdmissionItem>();
  readonly #states: Record<string, ItemState> = {};

  constructor(admissions: readonly AdmissionItem[], unusable: (admission: AdmissionItem) => string | undefined) {
    for (const admission of admissions.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      const name = nameOf(admission.access, admission.serverName);
      const holder = this.#byName.get(name);
      const fault = unusable(admission);
      if (fault !== undefined) this.#states[`admission/${admission.id}`] = { state: 'failed', detail: fault };
      else if (holder) {
        const detail = `${admission.serverName} is the ${admission.access} door of admission ${holder.id} already`;
        this.#states[`admission/${admission.id}`] = { state: 'refused', detail };
      } else {
        this.#byName.set(name, admission);
        this.#states[`admission/${admission.id}`] = { state: 'applied' };
      }
    }
  }

  /** The admission that judges a handshake. None: the handshake is refused. */
  find(access: AccessKind, serverName: string): AdmissionItem | undefined {
    return this.#byName.get(nameOf(access, serverName));
  }

  states(): Readonly<Record<string, ItemState>> {
    return this.#states;
  }
}

/** Host names compare without case (RFC 6066, 3). */
const nameOf = (access: AccessKind, serverName: string): string => `${access}|${serverName.toLowerCase()}`;
