import { getRotation, listAuthorities, listCertificates } from '@caravan/api';
import type { Authority, Backbone, Rotation, RotationProgress } from '@caravan/api';
import { eventually } from '../eventually.js';
import type { Scene } from './scene.js';
import { unlessAway } from './unless-away.js';

/** What is seen of rotations by the API. */
export class Rotations {
  constructor(private readonly scene: Scene) {}

  read({ id: rotationId }: Pick<Rotation, 'id'>): Promise<RotationProgress> {
    return this.scene.api.call(getRotation, { params: { rotationId } });
  }

  /** Once the API is there again. */
  readAgain(rotation: Rotation): Promise<RotationProgress> {
    return eventually('the API is back', () => unlessAway(this.read(rotation)));
  }

  /** Says how long it took. Rejects with what it said last. */
  async finished(rotation: Rotation, withinMs = 60_000): Promise<RotationProgress> {
    let last = '';
    const done = await eventually(
      () => `rotation ${rotation.id} is finished; it says ${last}`,
      async () => {
        const now = await this.read(rotation);
        last = JSON.stringify(now);
        return now.status === 'finished' ? now : undefined;
      },
      { withinMs },
    );
    const tookMs = Date.parse(done.finishedAt!) - Date.parse(done.createdAt);
    process.stdout.write(`    the rotation was finished after ${tookMs} ms\n`);
    return done;
  }

  /** Of the authorities of a kind on a backbone. */
  async ordinals(kind: Authority['kind'], { id: backboneId }: Pick<Backbone, 'id'>): Promise<number[]> {
    const { items } = await this.scene.api.call(listAuthorities, {});
    return items.filter((each) => each.kind === kind && each.backboneId === backboneId).map(({ ordinal }) => ordinal);
  }

  /** The newest certificate of a holder, with the ordinal of the authority that signed it. */
  async newest(holderId: string): Promise<{ ordinal: number; issuer: number | undefined }> {
    const { api } = this.scene;
    const { items } = await api.call(listCertificates, { query: { holderId } });
    const { items: all } = await api.call(listAuthorities, {});
    const { ordinal, issuerId } = items.at(-1)!;
    return { ordinal, issuer: all.find(({ id }) => id === issuerId)?.ordinal };
  }
}
