import { describe, expect, it } from '@jest/globals';
import { endpointFailure } from './endpoint-failure.js';

const item = (state: string | undefined, detail: string | null = null) => ({
  id: '1',
  address: 'inventory',
  host: '127.0.0.1',
  port: 8080,
  ...(state !== undefined && { state, detail }),
});

describe('an endpoint that does not work at its site', () => {
  it('is an error with what the relay says and how to take it back', () => {
    const taken = item('failed', 'port 8080 is taken by another program');
    expect(endpointFailure('listener', taken, { dir: 'store' })).toMatchObject({
      code: 'listener.failed',
      exit: 1,
      message:
        'The listener for inventory at 127.0.0.1:8080 failed: port 8080 is taken by another program (it stays decided until it is taken back)',
      remedies: [
        'caravan unconsume inventory:8080 --dir store',
        'caravan consume inventory --port <another port> --dir store',
      ],
    });
  });

  it('is one also when it was refused, and without a reason', () => {
    expect(endpointFailure('connector', item('refused'), {})).toMatchObject({
      code: 'connector.refused',
      message:
        'The connector for inventory at 127.0.0.1:8080 was refused; its site does not say why (it stays decided until it is taken back)',
      remedies: ['caravan unexpose inventory:8080', 'caravan expose inventory <another target>'],
    });
  });

  it.each(['applied', 'waiting', 'unknown', undefined])('is not one that is %s', (state) => {
    expect(endpointFailure('listener', item(state, 'soon'), {})).toBeUndefined();
  });
});
