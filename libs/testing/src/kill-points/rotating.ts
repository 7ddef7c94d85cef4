import { getRotation, rotateBackbone, rotateInstallation, rotateNetwork } from '@caravan/api';
import type { Rotation } from '@caravan/api';
import { eventually } from '../eventually.js';
import type { Asking } from './asking.js';
import { JUDGE } from './servers.js';
import type { Stage } from './stage.js';

/** Below a new root everything is replaced, one owner after the other. */
const PATIENCE_MS = 150_000;

/** What a rotation that nobody paused says in the log. */
export const WHOLE_ROTATION = ['RotationBegun', ...Array<string>(3).fill('RotationAdvanced'), 'RotationFinished'];

/** Has the authorities of an owner replaced, and waits until that is over. Answers the id of the rotation. */
export async function rotated(stage: Stage, asking: Asking, of: Rotation['ownerKind']): Promise<string> {
  const { id } = await begin(stage, asking, of);
  const rotation = { params: { rotationId: id } };
  let last = '';
  await eventually(
    () => `the rotation ${id} is finished; it says ${last}`,
    async () => {
      const now = await asking.read(stage.managementApi, getRotation, rotation);
      last = JSON.stringify(now);
      // As every service does when its credentials change on disk.
      if (now.alsoWaitingFor.some(({ what }) => what === JUDGE)) await stage.reconnect();
      return now.status === 'finished';
    },
    { withinMs: PATIENCE_MS },
  );
  return id;
}

function begin({ managementApi, network }: Stage, asking: Asking, of: Rotation['ownerKind']): Promise<Rotation> {
  const [type, body] = ['RotationBegun', {}];
  switch (of) {
    case 'network':
      return asking.write(managementApi, rotateNetwork, { params: { networkId: network.id }, body }, type);
    case 'backbone':
      return asking.write(managementApi, rotateBackbone, { params: { backboneId: network.backboneId }, body }, type);
    case 'installation':
      return asking.write(managementApi, rotateInstallation, { body }, type);
  }
}
