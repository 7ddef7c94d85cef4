import { describe, expect, it } from 'vitest';
import { formatIdentity } from '@caravan/pki';
import { connectedAs, connectionName } from './connection-name.js';

const identity = { kind: 'member', installation: 'acme', networkId: 'n1', memberId: 'm1' } as const;

describe('the name of a connection', () => {
  it('says who came and with which certificate', () => {
    const name = connectionName({ identity, serial: 'ab12' });
    expect(connectedAs(name)).toEqual({ identity, serial: 'ab12' });
  });

  it('of who was let in by an older version says who it is', () => {
    expect(connectedAs(formatIdentity(identity))).toEqual({ identity });
  });

  it('that the callout never gave is nobody’s', () => {
    for (const name of ['', '#', 'somebody', '#ab12']) expect(connectedAs(name)).toBeUndefined();
  });
});
