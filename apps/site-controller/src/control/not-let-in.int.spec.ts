import { describe, expect, it } from 'vitest';
import { Secret } from '@caravan/pki';
import { eventually } from '@caravan/testing';
import { silentLog } from '../log.js';
import { INSTALLATION } from '../testing.fixture.js';
import { ControlLink } from './index.js';
import { useManagement } from './management.fixture.js';

describe('the control link of a site that NATS lets in nowhere', () => {
  const management = useManagement('authorization { token: "that of somebody else" }');

  it('says what that may mean, and what to do', async () => {
    const { authorities, openControl } = management();
    const member = { kind: 'member', installation: INSTALLATION, networkId: 'n', memberId: 'm' } as const;
    const { chain, key } = authorities.make('member', member);
    const ends = {
      serverName: 'caravan.control',
      trust: [authorities.pem('managementCa')],
      chain,
      key: new Secret(key),
    };
    const link = new ControlLink({ open: openControl, ends: () => ends, log: silentLog });
    link.start();
    await eventually('it was not let in', () => link.trouble?.detail.includes('Authorization Violation'));
    expect(link.trouble?.detail).toMatch(/refuses this site .* lets nobody in at present .*ask the operator/s);
    await link.stop();
  });
});
