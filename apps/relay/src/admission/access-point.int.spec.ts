import { Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { AccessPointItem } from '@caravan/data-plane';
import { eventually } from '@caravan/testing';
import { isOpen, World } from '@caravan/testing/data-plane';
import { credentialOf } from '../configuration/credential.js';
import { productionTiming } from '../limits.js';
import { AccessPoint } from './access-point.js';

const world = new World();
const credential = credentialOf(world.accessPoint('here'));
const item = (bindPort: number): AccessPointItem => ({
  kind: 'access-point',
  id: 'here',
  access: 'peer',
  bindHost: '127.0.0.1',
  bindPort,
  certificateId: 'c1',
});

/** As the kernel refuses to accept when descriptors are short (EMFILE): an error of a server that listens. */
function failAt(port: number): void {
  const handles = (process as unknown as { _getActiveHandles(): object[] })._getActiveHandles();
  const isIt = (handle: object): handle is Server => {
    const address = handle instanceof Server ? handle.address() : null;
    return typeof address === 'object' && address?.port === port;
  };
  const server = handles.find(isIt);
  if (!server) throw new Error(`nothing of this process listens on ${port}`);
  server.emit('error', new Error('accept EMFILE'));
}

describe('an access point that asked for any port', () => {
  let point: AccessPoint | undefined;
  afterEach(() => point?.close());

  /** Resolves with its port. */
  async function listening(): Promise<number> {
    point = new AccessPoint(item(0), {
      timing: { ...productionTiming, rebind: { firstMs: 50, mostMs: 50 } },
      contextFor: () => {
        throw new Error('nobody is let in');
      },
      arrived: () => undefined,
      refused: () => undefined,
      changed: () => undefined,
    });
    point.configure(item(0), { issued: credential, supplied: undefined });
    return port();
  }
  const port = (): Promise<number> => eventually('it listens', () => point!.state().port);

  it('comes back on the one that it had, after its server failed', async () => {
    const first = await listening();
    failAt(first);
    expect(point!.state()).toMatchObject({ state: 'failed', detail: expect.stringContaining(`127.0.0.1:${first}`) });
    expect(await port()).toBe(first);
    expect(await isOpen(first)).toBe(true);
  });

  it('and also when it is configured before it has come back', async () => {
    const first = await listening();
    failAt(first);
    point!.configure(item(0), { issued: credential, supplied: undefined });
    expect(await port()).toBe(first);
  });
});
