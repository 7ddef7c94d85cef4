import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Secret, verifyChain } from '@caravan/pki';
import type { Service } from '@caravan/platform';
import { eventually } from '@caravan/testing';
import { BY_INIT, newIds, useInstallation } from '../installation.fixture.js';

const troubles = ({ health }: Service) => eventually('trouble', () => health.troubles().length > 0);

describe('authorities', () => {
  const installation = useInstallation();

  it('are established with what they are for, and recorded once', async () => {
    const at = installation();
    await at.init();
    await at.start();
    const ids = newIds();
    await at.all(ids);
    await at.issued(ids.certificateId);
    const tree = await at.authorities();
    expect(tree.map(({ kind }) => kind).sort()).toEqual([
      'backbone',
      'claim',
      'infrastructure',
      'management',
      'member',
      'network',
      'root',
    ]);
    const member = tree.find(({ kind }) => kind === 'member')!;
    const network = tree.find(({ kind }) => kind === 'network')!;
    expect(member).toMatchObject({
      backboneId: ids.backboneId,
      networkId: ids.networkId,
      ordinal: 1,
      origin: 'issued',
      issuerId: network.authorityId,
    });
    expect(tree.find(({ kind }) => kind === 'root')).toMatchObject({
      origin: 'generated',
      issuerId: null,
      backboneId: null,
    });
    // What `init` made is in the log too: root, management, and the certificates of NATS, the API and three services.
    expect(await at.commits('caravan.evt.trust.authority.*')).toEqual([1, 1, 1, 1, 1, 1, 1]);
    expect(await at.commits('caravan.evt.trust.certificate.*')).toEqual(Array.from({ length: BY_INIT + 1 }, () => 1));
  });

  it('are waited for by requests that came earlier', async () => {
    const at = installation();
    await at.init();
    const ids = newIds();
    await at.member(ids);
    const service = await at.start();
    await troubles(service);
    expect(service.health.troubles()).toEqual([
      { component: 'issuing', says: `awaiting the authorities of network ${ids.networkId}` },
    ]);
    await at.network(ids);
    await at.issued(ids.certificateId);
  });

  it('wait for a root, say so, and come into being once it is there', async () => {
    const at = installation();
    const service = await at.start();
    const ids = newIds();
    await at.all(ids);
    // On a busy machine the network is waited for too, perhaps before anything has asked for the root.
    const says = () => service.health.troubles().map((trouble) => `${trouble.component}: ${trouble.says}`);
    await eventually('the root is awaited', () =>
      says().some((each) => /^issuing: awaiting (.*, )?root(,|$)/.test(each)),
    );
    expect(says()).toHaveLength(1);
    expect(await at.decided(ids.certificateId, 100)).toBeUndefined();
    await at.init();
    await at.issued(ids.certificateId);
  });

  it('are one tree when several replicas race for it', async () => {
    const at = installation();
    await at.init();
    await Promise.all([at.start(), at.start(), at.start()]);
    const first = newIds();
    await at.backbone(first);
    await at.network(first);
    const { backboneId, networkId } = first;
    const members = Array.from({ length: 12 }, () => newIds({ backboneId, networkId }));
    await Promise.all(members.map((ids) => at.member(ids)));
    const certificates = await Promise.all(members.map(({ certificateId }) => at.issued(certificateId)));
    expect(new Set(certificates.map(({ issuerId }) => issuerId)).size).toBe(1);
    const root = await at.authority('root');
    for (const { certificate, chain } of certificates) {
      expect(verifyChain(certificate, chain, [root], new Date()).ok).toBe(true);
    }
    expect(await at.commits('caravan.evt.trust.authority.*')).toEqual([1, 1, 1, 1, 1, 1, 1]);
    expect(await at.commits('caravan.evt.trust.certificate.*')).toEqual(Array.from({ length: BY_INIT + 12 }, () => 1));
  });

  it('have the keys that they are to have, and each signs for the next', async () => {
    const at = installation();
    const kinds = { root: 'rsa-3072', backbone: 'ec-p384', network: 'rsa-2048', member: 'ec-p384' } as const;
    const text = Object.entries(kinds).map(([kind, key]) => `${kind}=${key}`);
    await at.init(at.directory, { ...at.environment(), AUTHORITY_KEYS: text.join() });
    await at.start(undefined, { AUTHORITY_KEYS: kinds });
    const ids = newIds();
    await at.all(ids);
    const { certificate, chain } = await at.issued(ids.certificateId);
    expect(verifyChain(certificate, chain, [await at.authority('root')], new Date()).ok).toBe(true);
    const keys = (await at.authorities()).map(({ kind, certificate: pem }) => {
      const { asymmetricKeyType, asymmetricKeyDetails: { modulusLength, namedCurve } = {} } = new X509Certificate(pem)
        .publicKey;
      return `${kind} ${asymmetricKeyType} ${modulusLength ?? namedCurve}`;
    });
    expect(keys.sort()).toEqual([
      'backbone ec secp384r1',
      'claim ec prime256v1',
      'infrastructure ec prime256v1',
      'management ec prime256v1',
      'member ec secp384r1',
      'network rsa 2048',
      'root rsa 3072',
    ]);
  });

  it('have keys that nobody reads without the master key', async () => {
    const at = installation();
    await at.init();
    const { rows } = await at.pool.query<{ text: string }>('select authorities::text as text from authorities');
    expect(rows).toHaveLength(2);
    for (const { text } of rows) {
      expect(text).not.toContain('PRIVATE KEY');
      expect(text).not.toContain(Buffer.from('PRIVATE KEY').toString('hex'));
    }
  });

  it('are not touched by a wrong master key, which is refused at the start', async () => {
    const at = installation();
    await at.init();
    const refusal = { exitCode: 78, message: expect.stringContaining('PKI_MASTER_KEY') };
    await expect(at.start({ PKI_MASTER_KEY: new Secret('cd'.repeat(32)) })).rejects.toMatchObject(refusal);
    await at.start();
    const ids = newIds();
    await at.all(ids);
    await at.issued(ids.certificateId);
  });
});
