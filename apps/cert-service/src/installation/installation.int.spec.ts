import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeCertificate, splitChain, verifyChain } from '@caravan/pki';
import { eventually } from '@caravan/testing';
import { OwnRoot, usePostgres } from '@caravan/testing/servers';
import { RotatingInstallation } from './rotating-installation.fixture.js';

const [FIRST, SECOND] = ['CN=Caravan management CA', 'CN=Caravan management 2'];

describe('the credentials of an installation', () => {
  const postgres = usePostgres();
  let at: RotatingInstallation;
  let own: OwnRoot | undefined;
  beforeEach(async () => {
    at = new RotatingInstallation(await postgres().createDatabase());
  });
  afterEach(async () => {
    await at.close();
    own?.remove();
    own = undefined;
  });

  it('follow a rotation: trust first, then servers, then those that dial them, and then the old ones are gone', async () => {
    await at.open();
    await at.untilFilesAreAt(1, null);
    await at.sees([1], 1);
    const keys = () => ['nats-server', 'router-config'].map((name) => at.text(`${name}.key`));
    const [serverKey, serviceKey] = keys();
    await at.begin();
    await at.untilFilesAreAt(2, 'trust');
    expect(at.holds()).toEqual({ roots: 2, server: FIRST, service: FIRST });
    expect(keys()).toEqual([serverKey, serviceKey]);
    await at.sees([1], 1); // nobody has told nats-server
    at.reload();
    await at.sees([2, 1], 1);

    await at.to('listeners');
    await at.untilFilesAreAt(2, 'listeners');
    expect(at.holds()).toEqual({ roots: 2, server: SECOND, service: FIRST });
    await at.init(); // somebody runs it as every month
    expect(at.holds()).toEqual({ roots: 2, server: SECOND, service: FIRST });
    at.reload();
    await at.sees([2, 1], 2);

    await at.to('diallers');
    await at.untilFilesAreAt(2, 'diallers');
    expect(at.holds()).toEqual({ roots: 2, server: SECOND, service: SECOND });
    expect(keys()).toEqual([expect.not.stringContaining(serverKey!), expect.not.stringContaining(serviceKey!)]);

    await at.to('retire');
    await at.untilFilesAreAt(2, 'retire');
    expect(at.holds()).toEqual({ roots: 1, server: SECOND, service: SECOND });
    at.reload();
    await at.sees([2], 2);
    await at.finish();
    await at.untilFilesAreAt(2, null);
    const [leaf, ...chain] = splitChain(at.text('management-controller.pem'));
    expect(verifyChain(leaf!, chain, [at.text('root.pem')], new Date())).toMatchObject({ ok: true });
  });

  it('of administrators are renewed as long as people keep them: not once they are removed or revoked', async () => {
    const names = ['ada', 'bob', 'cleo'];
    await at.open(...names.flatMap((name) => ['--administrator', name]));
    const filesOf = (name: string) => ['pem', 'key'].map((kind) => at.text(`administrator-${name}.${kind}`));
    const before = new Map(names.map((name) => [name, filesOf(name)]));
    for (const kind of ['pem', 'key']) rmSync(at.at(`administrator-bob.${kind}`));
    await at.revoke('cleo');
    await at.begin();
    await at.to('listeners');
    await at.to('diallers');
    await at.untilFilesAreAt(2, 'diallers');
    expect(describeCertificate(splitChain(filesOf('ada')[0]!)[0]!).issuer).toBe(SECOND);
    expect(filesOf('ada')[1]).not.toBe(before.get('ada')![1]);
    expect(() => filesOf('bob')).toThrow(/ENOENT/);
    expect(filesOf('cleo')).toEqual(before.get('cleo'));
    await at.init('--administrator', 'bob', '--administrator', 'cleo'); // as people do
    expect(filesOf('bob')).not.toEqual(before.get('bob'));
    expect(filesOf('cleo')[1]).not.toBe(before.get('cleo')![1]);
  });

  it('are as the log says after a restart, whatever the database was restored to', async () => {
    await at.open();
    await at.begin();
    await at.untilFilesAreAt(2, 'trust');
    await at.running.close();
    await at.to('listeners');
    await at.serve();
    await at.untilFilesAreAt(2, 'listeners');
    expect(at.holds()).toEqual({ roots: 2, server: SECOND, service: FIRST });
  });

  it('wait for the next root where the first was the administrator’s own, until that is brought', async () => {
    own = new OwnRoot();
    own.make();
    const files = (name: string) => [
      '--root-certificate',
      own!.at(`${name}.pem`),
      '--root-key',
      own!.at(`${name}.key`),
    ];
    await at.open(...files('root'));
    await at.begin();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect((await at.look()).files).toMatchObject({ ordinal: 1 });
    expect(at.holds().roots).toBe(1);
    own.openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'next.key',
      '-out',
      'next.pem',
      '-days',
      '999',
      '-subj',
      '/CN=Acme Root 2',
      '-addext',
      'basicConstraints=critical,CA:TRUE',
      '-addext',
      'keyUsage=critical,keyCertSign,cRLSign',
    );
    await expect(at.init(...files('next'))).rejects.toThrow(/is another one/);
    await at.init(...files('next'), '--next');
    expect(splitChain(at.text('root.pem')).map((pem) => describeCertificate(pem).subject)).toEqual([
      'CN=Acme Root 2',
      'CN=Acme Root',
    ]);
    await eventually(
      'its authority is there',
      async () => {
        at.reload();
        const { servers } = await at.look();
        return servers.every(({ accepts }) => accepts.join() === '2,1');
      },
      { everyMs: 500 },
    );
  });
});
