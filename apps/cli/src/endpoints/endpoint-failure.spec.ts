import { describe, expect, it } from 'vitest';
import { endpointFailure, notDone } from './endpoint-failure.js';

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

describe('an endpoint that its site has not done yet', () => {
  const since = '2026-11-20T12:00:00.000Z';
  const full = { code: 'disk.full', detail: 'No space is left. Free some space.', since };

  it('is told with what the site says of itself, and is none to be asked for again', () => {
    const error = notDone('connector', item('unknown'), { dir: '/store', troubles: [full] });
    expect(error).toMatchObject({
      code: 'connector.not-done',
      exit: 5,
      message:
        'The connector for inventory at 127.0.0.1:8080 was decided; the site in /store has not done it yet: ' +
        'No space is left. Free some space. [disk.full]',
    });
    expect(error.remedies).toEqual([
      'caravan site connectors --dir /store shows when it is done; nothing needs to be sent again',
      'caravan site status --dir /store',
      'caravan unexpose inventory:8080 --dir /store takes it back',
    ]);
  });

  it('is told with what is known of it where the site is well', () => {
    const { message } = notDone('listener', item('waiting', 'starting to listen'), { dir: '/store', troubles: [] });
    expect(message).toMatch(/has not done it yet: starting to listen$/);
    expect(notDone('listener', item('unknown'), { dir: '/store', troubles: [] }).message).toMatch(/it yet\.$/);
  });
});
