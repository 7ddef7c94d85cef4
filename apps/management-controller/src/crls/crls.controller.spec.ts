import { describe, expect, it } from 'vitest';
import type { NatsConnection } from '@nats-io/transport-node';
import { revocationListSubject } from '@caravan/events';
import type { Event, RevocationListReply } from '@caravan/events';
import { established } from '../certificates/certificate.fixture.js';
import { id } from '../example.fixture.js';
import { readModelsOf } from '../read-models/rows.fixture.js';
import { CrlsController } from './crls.controller.js';

const authorityId = id('member authority');
const der = Buffer.from('a list');
const reply: RevocationListReply = {
  number: '7',
  thisUpdate: '2026-01-01T00:00:00.000Z',
  nextUpdate: '2026-01-08T00:00:00.000Z',
  der: der.toString('base64'),
};

/** The controller with cert-service behind it, which may be away. */
class Published {
  readonly asked: string[] = [];
  now = Date.parse('2026-01-01T12:00:00.000Z');
  isAway = false;
  readonly controller: CrlsController;

  constructor(...events: Event[]) {
    const nats = {
      request: async (subject: string) => {
        this.asked.push(subject);
        if (this.isAway) throw new Error('timeout');
        return { json: () => reply };
      },
    } as unknown as NatsConnection;
    this.controller = new CrlsController(nats, readModelsOf(...events), { now: () => new Date(this.now) });
  }

  async read(file: string): Promise<{ type: string; text: string }> {
    const stream = await this.controller.list(file);
    const chunks: Buffer[] = [];
    for await (const chunk of stream.getStream()) chunks.push(chunk as Buffer);
    return { type: stream.getHeaders().type ?? '', text: Buffer.concat(chunks).toString() };
  }
}
const published = () => new Published(established('member', { networkId: id('retail'), backboneId: id('demo') }));

describe('a list of revoked certificates', () => {
  it('is given out as DER and as text', async () => {
    const lists = published();
    expect(await lists.read(`${authorityId}.crl`)).toEqual({ type: 'application/pkix-crl', text: 'a list' });
    const pem = await lists.read(`${authorityId}.pem`);
    expect(pem.text).toBe(`-----BEGIN X509 CRL-----\n${reply.der}\n-----END X509 CRL-----\n`);
    expect(lists.asked[0]).toBe(revocationListSubject(authorityId));
  });

  it('is asked for once in five seconds, however many strangers ask', async () => {
    const lists = published();
    for (let n = 0; n < 3; n++) await lists.read(`${authorityId}.crl`);
    expect(lists.asked).toHaveLength(1);
    lists.now += 5_000;
    await lists.read(`${authorityId}.crl`);
    expect(lists.asked).toHaveLength(2);
  });

  it('is asked for again when cert-service was away', async () => {
    const lists = published();
    lists.isAway = true;
    await expect(lists.read(`${authorityId}.crl`)).rejects.toMatchObject({ code: 'service.unavailable' });
    lists.isAway = false;
    expect((await lists.read(`${authorityId}.crl`)).text).toBe('a list');
  });

  it('is none of whom nobody knows, and a stranger costs cert-service nothing', async () => {
    const lists = published();
    for (const file of [`${id('nobody')}.crl`, 'list', `${authorityId}.der`, '../../etc/passwd']) {
      await expect(lists.read(file)).rejects.toMatchObject({ code: 'authority.unknown' });
    }
    expect(lists.asked).toEqual([]);
  });
});
