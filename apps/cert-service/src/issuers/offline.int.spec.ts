import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BackboneDeleted, backboneStream, NetworkDeleted, NetworkRevoked, networkStream } from '@caravan/events';
import { Secret } from '@caravan/pki';
import { eventually } from '@caravan/testing';
import { newIds, useInstallation } from '../installation.fixture.js';
import { CA_EXTENSIONS } from '@caravan/testing/servers';
import { rewrap } from '../sealed-keys/rewrap.js';
import { OfflineDesk } from './offline-desk.fixture.js';

const pick = ({ networkId, backboneId }: { networkId: string; backboneId: string }) => ({ networkId, backboneId });

describe('what is signed offline', () => {
  const installation = useInstallation();
  let desk: OfflineDesk;
  beforeEach(() => {
    desk = new OfflineDesk(installation());
  });
  afterEach(() => desk.close());

  const says = (service: { health: { troubles(): readonly { says: string }[] } }) =>
    service.health
      .troubles()
      .map((trouble) => trouble.says)
      .join();

  it('is awaited with words, and refused with everything that is wrong until it is right', async () => {
    const at = installation();
    await desk.init();
    const service = await at.start();
    const ids = newIds();
    await at.all(ids);
    await eventually('it says so', () =>
      says(service).includes(`the certificate of backbone ${ids.backboneId} which is signed offline`),
    );
    expect(await at.decided(ids.certificateId, 100)).toBeUndefined();
    const request = await desk.asked('backbone');
    const tooMuch = CA_EXTENSIONS.with(0, 'basicConstraints=critical,CA:TRUE,pathlen:1');
    await desk.bring(request, desk.signed(request.csr, { extensions: tooMuch, days: 9_999 }));
    const everything = ['its path length is 1, and 2', 'it ends at', 'after CN=Acme Root'];
    await eventually('it says why', () => everything.every((words) => says(service).includes(words)));
    expect(await at.decided(ids.certificateId, 100)).toBeUndefined();
    await desk.sign();
    await at.issued(ids.certificateId);
  });

  it('is asked for once, whatever is started anew meanwhile, and its key follows another master key', async () => {
    const at = installation();
    await desk.init();
    await at.start();
    const ids = newIds();
    await at.all(ids);
    const before = await eventually('asked', () => desk.asked('backbone').catch(() => undefined));
    await at.stop();
    const [old, next] = ['ab', 'cd'].map((byte) => byte.repeat(32)) as [string, string];
    await rewrap([], { ...at.environment(), PKI_MASTER_KEY: `${old}\n${next}` });
    await at.start({ PKI_MASTER_KEY: new Secret(next) });
    expect(await desk.asked('backbone')).toEqual(before);
    await desk.sign();
    await at.issued(ids.certificateId);
  });

  it('is waited for no more when whoever needs it is deleted or over, and who asked is told why', async () => {
    const at = installation();
    await at.init();
    const service = await at.start(undefined, { AUTHORITY_ISSUERS: { backbone: 'offline', network: 'offline' } });
    const [deleted, revoked, ended] = [newIds(), newIds(), newIds()];
    for (const ids of [deleted, revoked]) await at.all(ids);
    await at.backbone(ended);
    await at.network(ended, undefined, new Date(Date.now() + 1_000).toISOString());
    await at.member(ended);
    await eventually('they are awaited', () => says(service).includes('awaiting'));
    for (const { certificateId } of [deleted, revoked]) expect(await at.decided(certificateId, 100)).toBeUndefined();
    const { networkId, backboneId } = deleted;
    await at.append(networkStream(networkId), NetworkDeleted({ networkId, backboneId }));
    await at.append(backboneStream(backboneId), BackboneDeleted({ backboneId }));
    await at.append(networkStream(revoked.networkId), NetworkRevoked(pick(revoked)));
    expect(await at.refusal(deleted.certificateId)).toMatchObject({ code: 'network.unknown' });
    expect(await at.refusal(revoked.certificateId)).toMatchObject({ code: 'network.unknown' });
    expect(await at.refusal(ended.certificateId)).toMatchObject({ code: 'network.ended' });
  });

  it('is chosen for one backbone and not for another', async () => {
    const at = installation();
    await at.init();
    const service = await at.start();
    const [here, there] = [newIds(), newIds()];
    await at.backbone(there, { backbone: 'offline', network: null });
    await at.network(there);
    await at.member(there);
    await at.all(here);
    await at.issued(here.certificateId);
    await eventually('it is awaited', () => says(service).includes(`backbone ${there.backboneId}`));
    expect(await at.decided(there.certificateId, 100)).toBeUndefined();
  });

  it('is refused by init when it does not fit, and a key is not taken where none is to come', async () => {
    const at = installation();
    const root = ['--root-certificate', desk.own.at('root.pem'), '--offline'];
    const refusal = (...more: string[]) =>
      at.init(at.directory, at.environment(), more).then(
        () => 'none',
        (error: Error) => error.message,
      );
    writeFileSync(
      desk.own.at('both.pem'),
      ['root.pem', 'root.key'].map((name) => readFileSync(desk.own.at(name))).join(''),
    );
    expect(await refusal('--root-certificate', desk.own.at('both.pem'), '--offline')).toContain('holds a private key');
    expect(await refusal(...root, '--root-key', desk.own.at('root.key'))).toContain('--offline');
    expect(await refusal(...root)).toMatch(/--signed is missing.*pathlen:0/s);
    expect(await refusal('--signed', desk.own.at('sub.pem'))).toContain('none of the certificates is for the key');
    expect(await refusal('--signed', desk.own.at('nothing.pem'))).toContain('ENOENT');
    await desk.init();
  });
});
