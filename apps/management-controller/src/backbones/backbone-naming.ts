import { Inject, Injectable } from '@nestjs/common';
import { backboneNameStream, backboneStream } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import type { CommandMetadata, EventStore } from '@caravan/event-store';
import { EVENT_STORE } from '@caravan/platform';
import { Deciders } from '../deciding/deciders.js';
import { step } from '../deciding/metadata.js';
import { readState } from '../deciding/read-state.js';
import { backbone } from './backbone.js';

/** Longer than any request lives: a reservation without its backbone that is older was left behind by a crash. */
const LEFT_BEHIND_MS = 60_000;

/** Keeps global backbone names unique. */
@Injectable()
export class BackboneNaming {
  constructor(
    private readonly deciders: Deciders,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  /** @throws Rejection `backbone.name-taken` */
  async reserve(name: string, backboneId: string, metadata: CommandMetadata): Promise<void> {
    const command = {
      type: 'ReserveBackboneName',
      name,
      backboneId,
      metadata: step(metadata, 'reserve', name),
    } as const;
    try {
      await this.deciders.backboneName(command);
    } catch (error) {
      if (!(error instanceof Rejection) || error.code !== 'backbone.name-taken') throw error;
      const holder = String(error.details['holder']);
      if (!(await this.leftBehind(name, holder, metadata.now))) throw new Rejection('backbone.name-taken', { name });
      await this.release(name, holder, metadata);
      await this.deciders.backboneName(command);
    }
  }

  async release(name: string, backboneId: string, metadata: CommandMetadata): Promise<void> {
    const released = step(metadata, 'release', name);
    await this.deciders.backboneName({ type: 'ReleaseBackboneName', name, backboneId, metadata: released });
  }

  private async leftBehind(name: string, holder: string, now: Date): Promise<boolean> {
    const { events } = await this.store.read(backboneNameStream(name));
    const reservedAt = Date.parse(events.at(-1)?.at ?? now.toISOString());
    if (now.getTime() - reservedAt < LEFT_BEHIND_MS) return false;
    const state = await readState(this.store, backbone, backboneStream(holder));
    return state.status !== 'active' || state.name !== name;
  }
}
