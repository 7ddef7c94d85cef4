import type { JoinReply } from '@caravan/events';
import { identityOf } from '@caravan/pki';
import type { Identity } from '@caravan/pki';
import type { Admission, Origin } from './joining.js';

/** The management plane admitted this site as something that it did not ask to be. Nothing was installed. */
export class WrongAdmission extends Error {
  override readonly name = 'WrongAdmission';
  readonly code = 'joining.wrong-admission';
}

/**
 * What an answer admits this site to, once its certificate says the same: a member of the network that the invitation is for,
 * or the backbone site that the bundle is for. That the key is ours is checked when it is installed. Pure.
 *
 * @throws WrongAdmission, PkiError `identity.*`
 */
export function admissionOf(origin: Origin, reply: Extract<JoinReply, { status: 'admitted' }>): Admission {
  const { siteId, name, chain, items } = reply;
  const identity = identityOf(chain[0] ?? '', origin.installation);
  if (origin.recovers && origin.recovers.siteId !== siteId) {
    throw new WrongAdmission(`the certificate that came is that of ${siteId}, and not of the site that this is`);
  }
  if (!isOurs(origin, siteId, identity)) {
    throw new WrongAdmission(
      `the certificate that came is that of a ${identity.kind} and not what this site asked for`,
    );
  }
  // Installing it would leave the way that the site came, and a member without a link would never be heard of again.
  if (origin.role === 'member' && !items.some(isLink)) {
    throw new WrongAdmission('no access point of the network for members can be reached yet');
  }
  return { siteId, name, chain, items };
}

const isLink = (item: unknown): boolean => (Object(item) as { kind?: unknown }).kind === 'link';

function isOurs({ role, sourceId, network, backbone }: Origin, siteId: string, identity: Identity): boolean {
  if (role === 'member') {
    return identity.kind === 'member' && identity.networkId === network?.id && identity.memberId === siteId;
  }
  return (
    identity.kind === 'backbone-site' &&
    identity.backboneId === backbone?.id &&
    identity.siteId === sourceId &&
    siteId === sourceId
  );
}
