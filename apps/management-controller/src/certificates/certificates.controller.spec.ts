import { describe, expect, it } from '@jest/globals';
import { getCertificate, listCertificates } from '@caravan/api';
import { id } from '../example.fixture.js';
import { readModelsOf } from '../read-models/rows.fixture.js';
import { issued } from './certificate.fixture.js';
import { CertificatesController } from './certificates.controller.js';

const controller = new CertificatesController(readModelsOf(issued(id('a')), issued(id('b'))));
const ask = <Asked>(asked: Asked) => asked as never;

describe('certificates', () => {
  it('are shown without the certificate itself', async () => {
    const shown = await controller.get(ask({ params: { certificateId: id('a') } }));
    expect(getCertificate.reply!.parse(shown)).toMatchObject({ id: id('a'), holderKind: 'service', holderId: 'spec' });
    expect(JSON.stringify(shown)).not.toContain('BEGIN CERTIFICATE');
  });

  it('are listed by who holds them', async () => {
    const listed = await controller.list(ask({ query: { holderKind: 'service', holderId: 'spec' } }));
    expect(listCertificates.reply!.parse(listed).items).toHaveLength(2);
    expect(await controller.list(ask({ query: { holderKind: 'member' } }))).toEqual({ items: [], next: null });
  });

  it('that were never issued are unknown', async () => {
    await expect(controller.get(ask({ params: { certificateId: id('c') } }))).rejects.toMatchObject({
      code: 'certificate.unknown',
    });
  });
});
