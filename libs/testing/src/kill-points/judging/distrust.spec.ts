import { describe, expect, it } from 'vitest';
import { refusedByNats, refusedByRelay, toldByClient } from './distrust.js';

const since = new Date('2026-01-01T12:00:00.000');
const later = new Date(since.getTime() + 1_000);
const earlier = new Date(since.getTime() - 1_000);

describe('the judge of who distrusts whom', () => {
  const relay = (fields: object, at = later): string =>
    `${JSON.stringify({ level: 'warn', time: at.toISOString(), service: 'relay', ...fields, msg: 'link refused' })}\n`;

  it.each([
    { code: 'trust.none', detail: 'its chain does not lead to what this door trusts' },
    { code: 'certificate.revoked' },
    { code: 'identity.unexpected' },
    { code: 'handshake.failed', detail: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' },
    { code: 'handshake.failed', detail: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA' },
    { code: 'handshake.failed', detail: 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED' },
  ])('sees a relay that refuses: %j', (fields) => {
    expect(refusedByRelay(relay(fields), since)).toHaveLength(1);
    expect(refusedByRelay(relay(fields, earlier), since)).toEqual([]);
  });

  it('leaves alone what a kill explains, and what cannot be read', () => {
    const log = [
      relay({ code: 'handshake.failed', detail: 'ECONNRESET' }),
      relay({ code: 'handshake.failed', detail: 'Client network socket disconnected before secure TLS connection' }),
      relay({ code: 'door.unknown' }),
      '{"level":"info","ti',
    ].join('');
    expect(refusedByRelay(log, since)).toEqual([]);
  });

  it('sees whom nats-server heard refuse it, and not what it was asked to refuse', () => {
    const line = (said: string, hour = 12): string =>
      `[7] 2026/01/01 ${hour}:00:01.000000 [ERR] 127.0.0.1:1 - cid:5 - TLS handshake error: ${said}\n`;
    const refused = ['remote error: tls: bad certificate', 'remote error: tls: unknown certificate authority'];
    expect(refusedByNats(refused.map((said) => line(said)).join(''), since)).toHaveLength(refused.length);
    expect(refusedByNats(line(refused[0]!, 11), since)).toEqual([]);
    const others = ['EOF', 'read tcp: reset', 'tls: failed to verify certificate: x509: unknown authority'];
    expect(refusedByNats(others.map((said) => line(said)).join(''), since)).toEqual([]);
  });

  it('sees a service or a site that tells of a refusal', () => {
    const line = (words: string, at = later, service = 'router-config'): string =>
      `${JSON.stringify({ level: 'warn', time: at.toISOString(), service, msg: `no connection to nats: ${words}` })}\n`;
    const told = ['tlsv1 alert unknown ca', 'sslv3 alert bad certificate', 'self-signed certificate in chain'];
    expect(toldByClient(told.map((words) => line(words)).join(''), since)).toHaveLength(told.length);
    expect(
      toldByClient(line(told[0]!, earlier) + line('ECONNREFUSED') + line(told[0]!, later, 'relay'), since),
    ).toEqual([]);
  });
});
