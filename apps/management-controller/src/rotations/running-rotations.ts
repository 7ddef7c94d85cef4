import type { AuthorityEstablished, EventOf, RotationEvent, RotationOwner, RotationPhase } from '@caravan/events';
import { assertNever } from '@caravan/event-store';
import type { Recorded } from '@caravan/event-store';

/** A rotation that is under way, as far as the log says. */
export interface RunningRotation {
  readonly ownerId: string;
  readonly rotationId: string;
  readonly owner: RotationOwner;
  readonly ordinal: number;
  readonly phase: RotationPhase;
  readonly isPaused: boolean;
  readonly patienceSeconds: number | null;
  /** When the phase began, ISO-8601. */
  readonly since: string;
  /** What a site must have taken in before it can have confirmed the phase; undefined: not everything is in the log yet. */
  readonly position: number | undefined;
}

type Established = Pick<EventOf<typeof AuthorityEstablished>['data'], 'kind' | 'ordinal' | 'backboneId' | 'networkId'>;

/** Kept by a fold. In `trust` a phase is not told to sites by one event, but by the authorities that follow it. */
export class RunningRotations {
  readonly #running = new Map<string, RunningRotation>();
  /** By owner: those below which nobody is admitted. */
  readonly #retiredBelow = new Map<string, number>();
  /** By owner: where in the log all were taken to know the next authorities, and the first of them came into use. */
  readonly #replaced = new Map<string, number>();
  /** By owner: the lowest kinds of authority that are still to come. */
  readonly #missing = new Map<string, Set<string>>();
  /** Whose authorities root and management are, as soon as they were rotated. */
  #installation: string | undefined;

  get size(): number {
    return this.#running.size;
  }

  values(): RunningRotation[] {
    return [...this.#running.values()];
  }

  of(ownerId: string): RunningRotation | undefined {
    return this.#running.get(ownerId);
  }

  /** The lowest kinds of authority that the rotation of an owner cannot go on without and that are still to come. */
  missing(ownerId: string): string[] {
    return [...(this.#missing.get(ownerId) ?? [])];
  }

  /** Whether whom an authority of this ordinal signed comes in no more. `ownerId`: its network or backbone; null: the installation. */
  isRetired(ownerId: string | null, ordinal: number): boolean {
    const owner = ownerId ?? this.#installation;
    return owner !== undefined && ordinal < (this.#retiredBelow.get(owner) ?? 0);
  }

  /**
   * Whether whoever was given something at this position of the log, and nothing since, may know none of the authorities that are in use now.
   * `ownerIds`: of the authorities that it came to know by that, besides the installation's.
   */
  mayBeBehind(ownerIds: readonly string[], position: number): boolean {
    const owners = this.#installation === undefined ? ownerIds : [...ownerIds, this.#installation];
    return owners.some((ownerId) => position < (this.#replaced.get(ownerId) ?? 0));
  }

  established({ kind, ordinal, backboneId, networkId }: Established, position: number): void {
    const ownerId = networkId ?? backboneId ?? this.#installation;
    const rotation = ownerId === undefined ? undefined : this.#running.get(ownerId);
    if (!rotation || rotation.ordinal !== ordinal || rotation.phase !== 'trust') return;
    const missing = this.#missing.get(rotation.ownerId);
    if (!missing?.delete(kind) || missing.size > 0) return;
    this.#running.set(rotation.ownerId, { ...rotation, position });
  }

  apply({ type, data }: RotationEvent, { position, at }: Pick<Recorded, 'position' | 'at'>): void {
    const { ownerId } = data;
    const running = this.#running.get(ownerId);
    switch (type) {
      case 'RotationBegun': {
        const { rotationId, owner, ordinal, patienceSeconds } = data;
        if (owner.kind === 'installation') this.#installation = ownerId;
        const of = { ownerId, rotationId, owner, ordinal, patienceSeconds };
        this.#running.set(ownerId, { ...of, phase: 'trust', isPaused: false, since: at, position: undefined });
        this.#missing.set(ownerId, new Set(lowestKinds[owner.kind]));
        return;
      }
      case 'RotationAdvanced':
        if (data.phase === 'listeners') this.#replaced.set(ownerId, position);
        if (data.phase === 'retire') this.#retiredBelow.set(ownerId, data.ordinal);
        if (running) this.#running.set(ownerId, { ...running, phase: data.phase, since: at, position });
        return;
      case 'RotationPatienceChanged':
        if (running) this.#running.set(ownerId, { ...running, patienceSeconds: data.patienceSeconds });
        return;
      case 'RotationPaused':
      case 'RotationResumed':
        if (running) this.#running.set(ownerId, { ...running, isPaused: type === 'RotationPaused' });
        return;
      case 'RotationFinished':
        this.#running.delete(ownerId);
        this.#missing.delete(ownerId);
        return;
      default:
        assertNever(type);
    }
  }
}

/** Those that listeners and diallers trust; the ones above are made with them. */
const lowestKinds: Readonly<Record<RotationOwner['kind'], readonly string[]>> = {
  network: ['claim', 'member'],
  backbone: ['infrastructure'],
  installation: ['management'],
};
