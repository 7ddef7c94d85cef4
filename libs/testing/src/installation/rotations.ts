import { getRotation, listAuthorities, listCertificates } from '@caravan/api';
import type { Rotation, RotationProgress } from '@caravan/api';
import { eventually } from '../eventually.js';
import type { Scene } from './scene.js';

/** What is seen of rotations by the API. */
export class Rotations {
  constructor(private readonly scene: Scene) {}

  read({ id: rotationId }: Pick<Rotation, 'id'>): Promise<RotationProgress> {
    return this.scene.api.call(getRotation, { params: { rotationId } });
  }

  /** Rejects with what it said last. */
  finished(rotation: Rotation, withinMs = 60_000): Promise<RotationProgress> {
    let last = '';
    return eventually(
      () => `rotation ${rotation.id} is finished; it says ${last}`,
      async () => {
        const now = await this.read(rotation);
        last = JSON.stringify(now);
        return now.status === 'finished' ? now : undefined;
      },
      { withinMs },
    );
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
