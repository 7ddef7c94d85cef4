import { changeNetwork, getNetwork, listRotations } from '@caravan/api';
import type { BodyOf, Network, Rotation } from '@caravan/api';
import { eventually } from '../eventually.js';
import type { Scene } from './scene.js';
import { askOnce } from './pair.js';
import { LiveStream } from './traffic.js';
import { unlessAway } from './unless-away.js';

type Named = Pick<Network, 'id'>;

/** From when until when networks are, as the API and as a stream across them has it. */
export class NetworkTimes {
  constructor(private readonly scene: Scene) {}

  change({ id: networkId }: Named, body: BodyOf<typeof changeNetwork>) {
    return this.scene.api.call(changeNetwork, { params: { networkId }, body });
  }

  async statusOf({ id: networkId }: Named): Promise<Network['status']> {
    return (await this.scene.api.call(getNetwork, { params: { networkId } })).status;
  }

  /** Whoever answers may be killed meanwhile. */
  is(status: Network['status'], network: Named): Promise<boolean> {
    return eventually(`it is ${status}`, async () => (await unlessAway(this.statusOf(network))) === status);
  }

  rotationOf({ id: networkId }: Named): Promise<Rotation> {
    return eventually('its authorities are replaced', async () => {
      const { items } = await this.scene.api.call(listRotations, { query: { networkId } });
      return items.at(-1);
    });
  }

  /** Cuts a stream by what it does, and says how long that took: with a reset, and nobody is carried after it. */
  async cutting({ port }: { port: number }, how: string, cut: () => Promise<unknown>): Promise<number> {
    const stream = await LiveStream.open(port);
    const asked = performance.now();
    const [, end] = await Promise.all([cut(), stream.ended()]);
    const ms = Math.round(performance.now() - asked);
    process.stdout.write(`    ${how}: a live stream was cut after ${ms} ms\n`);
    if (end !== 'reset') throw new Error(`${how}: the stream ended with ${end}`);
    await askOnce(port).then(
      () => Promise.reject(new Error(`${how}: a new stream is carried`)),
      () => undefined,
    );
    return ms;
  }
}
