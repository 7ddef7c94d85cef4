import { rotationStream } from '@caravan/events';
import type { RotationEvent } from '@caravan/events';
import type { EventStore } from '@caravan/event-store';
import type { Pool } from 'pg';
import { FIRST_GENERATION, generationAfter } from './generation.js';
import type { Generation } from './generation.js';

/** What `init` knows of the installation's rotations, which has no log to read them from. */
export class StoredGeneration {
  constructor(private readonly pool: Pool) {}

  async read(): Promise<Generation> {
    const { rows } = await this.pool.query<Generation>('select ordinal, phase from installation_generation');
    return rows[0] ?? FIRST_GENERATION;
  }

  async write({ ordinal, phase }: Generation): Promise<void> {
    await this.pool.query(
      `insert into installation_generation (ordinal, phase) values ($1, $2)
       on conflict (singleton) do update set ordinal = excluded.ordinal, phase = excluded.phase`,
      [ordinal, phase],
    );
  }
}

/** As the log says, from its beginning: a database that was restored does not take the installation back. */
export async function recordedGeneration(log: Pick<EventStore, 'read'>, ownerId: string): Promise<Generation> {
  const { events } = await log.read(rotationStream(ownerId));
  return (events as readonly RotationEvent[]).reduce(generationAfter, FIRST_GENERATION);
}
