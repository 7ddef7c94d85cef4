import type { Credential, Invitation } from '@caravan/api';
import { CAPABILITY, claimSubject } from '@caravan/events';
import { ask, connectAsSite, eventually, newKey } from '@caravan/testing/installation';
import type { Scene, TestInstallation } from '@caravan/testing/installation';
import type { NatsConnection } from '@nats-io/transport-node';

/** A site that the test is itself: its certificate, its key, its connection. */
export interface Impostor {
  readonly id: string;
  readonly credential: Credential;
  readonly nats: NatsConnection;
}

/** A member that joined as a site would, by hand. */
export async function memberBy(
  installation: TestInstallation,
  claimant: NatsConnection,
  { id }: Invitation,
): Promise<Impostor> {
  const { csr, key } = newKey('impostor');
  const answer = await eventually('the impostor is a member', async () => {
    const reply = await ask(claimant, claimSubject(id), { capability: CAPABILITY, csr });
    return reply['status'] === 'admitted' ? reply : undefined;
  });
  const credential = { chain: answer['chain'] as string[], key };
  return { id: String(answer['siteId']), credential, nats: await connectAsSite(installation, credential) };
}

/** A backbone site whose bundle the test has, and which has not enrolled. */
export async function onPaper(
  scene: Scene,
  installation: TestInstallation,
  backbone: { id: string },
): Promise<Impostor> {
  const { resource, bundle } = await scene.siteOnPaper(backbone, 'paper');
  return {
    id: resource.id,
    credential: bundle.certificate,
    nats: await connectAsSite(installation, bundle.certificate),
  };
}
