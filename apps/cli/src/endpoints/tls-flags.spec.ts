import { describe, expect, it } from 'vitest';
import { beginningOf, endingOf } from './tls-flags.js';

describe('TLS with applications on a command line', () => {
  it('is none unless it is asked for', () => {
    expect([endingOf({ port: '80' }), beginningOf({})]).toEqual([{}, {}]);
  });

  it('is spoken with what the site makes, when nothing is named', () => {
    expect(endingOf({ tls: true })).toEqual({ tls: { certificate: null, clients: null } });
    expect(beginningOf({ tls: true })).toEqual({ tls: { serverName: null, trust: null, certificate: null } });
  });

  it('is asked for by naming what it is spoken with', () => {
    expect(endingOf({ tlsClients: 'partners' })).toEqual({ tls: { certificate: null, clients: 'partners' } });
    expect(endingOf({ tlsCert: 'web' })).toEqual({ tls: { certificate: 'web', clients: null } });
    expect(beginningOf({ tlsName: 'db.internal', tlsTrust: 'company' })).toEqual({
      tls: { serverName: 'db.internal', trust: 'company', certificate: null },
    });
    expect(beginningOf({ tlsCert: 'web' }).tls?.certificate).toBe('web');
  });
});
