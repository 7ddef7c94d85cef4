import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listCertificates, listMembers } from '@caravan/api';
import type { Network } from '@caravan/api';
import { eventually, Scene, TestInstallation } from '@caravan/testing/installation';
import type { TestSite } from '@caravan/testing/installation';

/** `kill -9` of each process once in the middle of a join: after its restart there is one member with one certificate. */
describe('kills in the middle of a join', () => {
  let installation: TestInstallation;
  let scene: Scene;
  let network: Network;

  beforeAll(async () => {
    installation = await TestInstallation.start();
    scene = new Scene(installation);
    const backbone = await scene.backbone('kills');
    await scene.backboneSite(backbone, 'east');
    network = await scene.network(backbone, 'kills');
  }, 180_000);
  afterAll(() => installation.stop(), 60_000);

  const service = (name: string) => () => installation.killProcess(name);
  const victims: [string, (site: TestSite) => void][] = [
    ['management-controller', service('management-controller')],
    ['cert-service', service('cert-service')],
    ['router-config', service('router-config')],
    ['the site-controller', (site) => site.kill('controller')],
    ['the relay of the site', (site) => site.kill('relay')],
  ];

  it.each(victims)(
    '1. %s',
    async (victim, kill) => {
      const name = victim.replaceAll(' ', '-');
      const invitation = await scene.invitation(network, { name });
      const site = await scene.site(name, await scene.invitationFile(invitation));
      // Its key is made and it is on its way: from here to the installed certificate is the middle.
      await eventually(
        'the join is under way',
        async () => {
          const state = await site.state();
          return state && state.step !== 'invited' ? state : undefined;
        },
        { everyMs: 5 },
      );
      kill(site);
      const { siteId } = await site.connected(120_000);

      const params = { networkId: network.id };
      const { items } = await eventually('the members are listed', () =>
        scene.api.call(listMembers, { params, query: { invitationId: invitation.id } }).catch(() => undefined),
      );
      expect(items.map((member) => member.id)).toEqual([siteId]);
      const certificates = await scene.api.call(listCertificates, {
        query: { holderKind: 'member', holderId: siteId ?? '' },
      });
      expect(certificates.items).toHaveLength(1);
      await site.stop();
    },
    180_000,
  );
});
