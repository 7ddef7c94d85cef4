import type { Item, Observation } from '@caravan/data-plane';
import { z } from 'zod';
import type { SealedFiles } from '../site-directory/index.js';

/** Access point id -> port. */
export type Ports = ReadonlyMap<string, number>;

/**
 * The ports of the access points that asked for any, as they were found. Other sites dial them: a relay that is started again must
 * have the same ones, since nobody may be there to tell the others of new ones. A port that is taken now is given up only where
 * `canBeTold`. Answers `before` itself when nothing is new. Pure.
 */
export function portsAfter(
  before: Ports,
  items: readonly Item[],
  { items: states }: Pick<Observation, 'items'>,
  canBeTold: boolean,
): Ports {
  const ports = new Map<string, number>();
  for (const item of items) {
    if (item.kind !== 'access-point' || item.bindPort !== 0) continue;
    const { state, port } = states[`access-point/${item.id}`] ?? {};
    const isLost = state === 'failed' && canBeTold;
    const found = port ?? (isLost ? undefined : before.get(item.id));
    if (found !== undefined) ports.set(item.id, found);
  }
  const isSame = ports.size === before.size && [...ports].every(([id, port]) => before.get(id) === port);
  return isSame ? before : ports;
}

const NAME = 'bound-ports';
const textSchema = z.record(z.string(), z.int().min(1).max(65_535));

/** The same over restarts of the whole site. */
export class BoundPorts {
  private constructor(
    private readonly files: SealedFiles,
    private kept: Ports,
  ) {}

  static async open(files: SealedFiles): Promise<BoundPorts> {
    const text = await files.read(NAME);
    const ports = text === undefined ? {} : textSchema.parse(JSON.parse(text));
    return new BoundPorts(files, new Map(Object.entries(ports)));
  }

  get ports(): Ports {
    return this.kept;
  }

  /** Whether these are others than before; on disk then. */
  async keep(ports: Ports): Promise<boolean> {
    if (ports === this.kept) return false;
    this.kept = ports;
    await this.files.write(NAME, JSON.stringify(Object.fromEntries(ports)));
    return true;
  }
}
