import { describe, expect, it } from 'vitest';
import { serverNameOf } from '@caravan/data-plane';
import { InvitationDeleted } from '@caravan/events';
import { accessPoint, backbone, example, invitation, site } from '../example.fixture.js';
import { Folded } from '../folded.fixture.js';
import { id, pem } from '../names.fixture.js';
import { authority } from '../trust-events.fixture.js';

describe('the links of an invitation', () => {
  it('lead to its claim access points, the preferred the cheapest, and on to caravan.control alone', () => {
    const folded = new Folded(example);
    folded.take(accessPoint('south', 'claim', { host: 'south.example', port: 7001 }));
    folded.take(invitation('kiosk', 'retail', ['south', 'north', 'south']));
    const links = folded.states.invitation(id('kiosk'));
    expect(links).toEqual([
      {
        kind: 'link',
        id: `claim-${id('south claim')}`,
        access: 'claim',
        host: 'south.example',
        port: 7001,
        serverName: serverNameOf('claim', id('retail')),
        trust: [pem('infrastructure demo 1')],
        certificateId: 'claim',
        cost: 1,
        reach: { kind: 'control' },
      },
      expect.objectContaining({ id: `claim-${id('north claim')}`, cost: 2 }),
    ]);
  });

  it('never lead to another backbone', () => {
    const folded = new Folded([
      ...example,
      backbone('other'),
      authority('infrastructure', 'other'),
      site('far', 'other'),
      accessPoint('far', 'claim', { on: 'other', host: 'far.example', port: 1 }),
      invitation('astray', 'retail', ['far']),
    ]);
    expect(folded.states.invitation(id('astray'))).toEqual([]);
  });

  it('are those of an invitation that exists', () => {
    const folded = new Folded();
    expect(() => folded.states.invitation(id('nowhere'))).toThrow('invitation.unknown');
    folded.take(InvitationDeleted({ invitationId: id('store'), networkId: id('retail') }));
    expect(() => folded.states.invitation(id('store'))).toThrow('invitation.unknown');
  });
});
