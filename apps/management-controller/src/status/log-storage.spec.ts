import { describe, expect, it } from 'vitest';
import { storageTrouble } from './log-storage.js';

const report = (storage: number, name = 'one', more = {}) => ({
  server: { name },
  data: { storage, config: { max_storage: 1_000, store_dir: '/data' }, ...more },
});

describe('the room for the log', () => {
  it('is enough', () => {
    expect(storageTrouble([])).toBeUndefined();
    expect(storageTrouble([report(899)])).toBeUndefined();
    expect(storageTrouble([{ server: { name: 'one' }, data: {} }])).toBeUndefined(); // a server that does not say
  });

  it('is nearly used up: it can still be written', () => {
    expect(storageTrouble([report(0), report(900, 'two')])).toMatchObject({
      code: 'log.nearly-full',
      says: expect.stringContaining('nats-server two has used 900 of 1000 bytes in /data'),
      hinders: false,
    });
  });

  it('is used up, whoever else has some left', () => {
    const trouble = storageTrouble([report(950), report(1_001, 'two'), report(0)]);
    expect(trouble).toMatchObject({ code: 'log.full', says: expect.stringContaining('nothing can be written') });
    expect(trouble?.hinders).toBeUndefined();
  });

  it('was used up, and the server turned JetStream off', () => {
    const off = { server: { name: 'one' }, data: { disabled: true } };
    expect(storageTrouble([off])).toMatchObject({ status: 'away', remedy: expect.stringContaining('restart') });
  });
});
