import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeCertificate } from '@caravan/pki';
import { reSigned } from './re-signed.js';
import type { StartDataPlane, TestSite } from './test-site.js';
import { Topology } from './topology.js';
import { memberIdentity } from './world.js';

/** For a link whose certificate was revoked, on a busy machine. */
const AT_ONCE_MS = 1_000;

/** Single certificates become worthless while the data plane runs. */
export function revokes(start: StartDataPlane): void {
  describe('refuses', () => {
    const topology = new Topology(start);
    const { world } = topology;
    const { a } = world;
    let [r1, store]: TestSite[] = [];
    beforeAll(async () => {
      r1 = await topology.relay('r1');
      store = await topology.member('store', a, r1);
    });
    afterAll(() => topology.close());

    const peers = async (): Promise<(string | null)[]> =>
      (await r1!.plane.observe()).links.map(({ peerIdentity }) => peerIdentity);

    it('a revoked certificate: its link ends at once, and its holder comes in with another', async () => {
      const thief = await topology.member('copied', a, r1!);
      const identity = memberIdentity(a.id, 'copied');
      const { chain, key } = thief.configuration.certificates['to-r1-certificate']!;
      const { serial } = describeCertificate(chain);
      await r1!.change(({ admissions }) => {
        for (const admission of admissions) if (admission.id === `member-${a.id}`) admission.revoked = [serial];
      });
      await r1!.until('it is gone', ({ links }) => !links.some((link) => link.peerIdentity === identity), AT_ONCE_MS);
      expect(await peers()).toContain(memberIdentity(a.id, 'store'));
      await pause(500);
      expect(await peers()).not.toContain(identity);
      // Nor with the same in other bytes.
      const rewritten = { chain: reSigned(chain), key };
      expect(describeCertificate(rewritten.chain)).toMatchObject({ serial });
      await thief.change(({ certificates }) => void (certificates['to-r1-certificate'] = rewritten));
      await pause(1_000);
      expect(await peers()).not.toContain(identity);
      await thief.change(({ certificates }) => void (certificates['to-r1-certificate'] = world.member(a, 'copied')));
      await thief.applied('link/to-r1');
    });

    it('a revoked certificate of the accepting end: the link ends at once and waits for another', async () => {
      const { serial } = describeCertificate(r1!.configuration.certificates['member-certificate']!.chain);
      await store!.change(({ links }) => void (links[0]!.revoked = [serial]));
      await store!.until('the link is gone', ({ links }) => links.length === 0, AT_ONCE_MS);
      await store!.until('it says why', ({ items }) => /revoked/.test(items['link/to-r1']?.detail ?? ''));
      const renewed = world.accessPoint('renewed-again');
      await r1!.change(({ certificates }) => void (certificates['member-certificate'] = renewed));
      await store!.applied('link/to-r1');
    });
  });
}
