import { Inject, Injectable } from '@nestjs/common';
import { backboneNameStream, backboneStream } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import type { CommandMetadata, EventStore } from '@caravan/event-store';
import { EVENT_STORE, newId } from '@caravan/platform';
import { Deciders } from '../deciding/deciders.js';
import { step } from '../deciding/metadata.js';
import { readState } from '../deciding/read-state.js';
import { backbone } from './backbone.js';
import { backboneName } from './backbone-name.js';
import type { BackboneState } from './backbone-state.js';

/** Longer than any request lives: a reservation without its backbone that is older was left behind by a crash. */
const LEFT_BEHIND_MS = 60_000;

/**
 * Keeps global backbone names unique, over two streams: a name is reserved before the backbone's own stream says it, and released
 * after that stream has said another. What makes that hold against whoever does the same at the same time is that a rename is
 * refused when there was another since its reservation, and a release does nothing when there was a reservation since its look.
 */
@Injectable()
export class BackboneNaming {
  constructor(
    private readonly deciders: Deciders,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  /** The backbone as it is now, and not as the lists have it. */
  current(backboneId: string): Promise<BackboneState> {
    return readState(this.store, backbone, backboneStream(backboneId));
  }

  /** Which reservation of the name is the last: for `release`. */
  async lastReservation(name: string): Promise<number> {
    return (await readState(this.store, backboneName, backboneNameStream(name))).reservations;
  }

  /** @throws Rejection `backbone.name-taken` */
  async reserve(name: string, backboneId: string, metadata: CommandMetadata): Promise<void> {
    try {
      await this.reserveFree(name, backboneId, metadata);
    } catch (error) {
      if (!(error instanceof Rejection) || error.code !== 'backbone.name-taken') throw error;
      const holder = String(error.details['holder']);
      const reservations = await this.lastReservation(name);
      if (!(await this.isLeftBehind(name, holder, metadata.now))) throw new Rejection('backbone.name-taken', { name });
      await this.release(name, holder, metadata, reservations);
      await this.reserveFree(name, backboneId, metadata).catch((again: unknown) => {
        throw again instanceof Rejection ? new Rejection('backbone.name-taken', { name }) : again;
      });
    }
  }

  /** Does nothing when the name was reserved since the reservation that is given; without one, for who will never take it up again. */
  async release(name: string, backboneId: string, metadata: CommandMetadata, reservations?: number): Promise<void> {
    await this.deciders.backboneName({
      type: 'ReleaseBackboneName',
      name,
      backboneId,
      ...(reservations !== undefined && { reservations }),
      metadata: anew(metadata, 'release', name),
    });
  }

  private async reserveFree(name: string, backboneId: string, metadata: CommandMetadata): Promise<void> {
    await this.deciders.backboneName({
      type: 'ReserveBackboneName',
      name,
      backboneId,
      metadata: anew(metadata, 'reserve', name),
    });
  }

  private async isLeftBehind(name: string, holder: string, now: Date): Promise<boolean> {
    const state = await this.current(holder);
    if (state.status === 'deleted') return true;
    if (state.status === 'active' && state.name === name) return false;
    const { events } = await this.store.read(backboneNameStream(name));
    const reservedAt = Date.parse(events.at(-1)?.at ?? now.toISOString());
    return now.getTime() - reservedAt >= LEFT_BEHIND_MS;
  }
}

/** The first answer of a request that is sent again would be about a reservation that may be gone: each time it is a command of its own. */
const anew = (metadata: CommandMetadata, ...what: string[]): CommandMetadata => ({
  ...step(metadata, ...what),
  commandId: newId(metadata.now.getTime()),
});
