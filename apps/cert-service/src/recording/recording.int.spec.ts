import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { certificateStream } from '@caravan/events';
import { newId } from '@caravan/platform';
import { eventually } from '@caravan/testing';
import { BY_INIT, LONG_AGO, newIds, useInstallation } from '../installation.fixture.js';

describe('recording', () => {
  const installation = useInstallation();

  it('takes up what was committed and not recorded, exactly once', async () => {
    const at = installation();
    await at.init();
    await at.start();
    const ids = newIds();
    await at.all(ids);
    const before = await at.issued(ids.certificateId);
    const { events } = await at.log.read(certificateStream(ids.certificateId));
    await at.stop();
    // As a kill between commit and append leaves it: the row says "not recorded", and the log does not have it.
    const late = { ...before, certificateId: newId() };
    const metadata = { ...events[0]!.metadata, now: LONG_AGO, commandId: `issue/${late.certificateId}` };
    await at.pool.query(
      `insert into certificates (certificate_id, issuer_id, serial, not_after, event_type, event, metadata)
       values ($1, $2, 'another', $3, 'CertificateIssued', $4, $5)`,
      [late.certificateId, late.issuerId, late.notAfter, late, metadata],
    );
    // And as one between append and mark does.
    await at.pool.query('update certificates set recorded = false');
    await at.pool.query('update authorities set recorded = false');
    await Promise.all([at.start(), at.start()]);
    expect(await at.issued(late.certificateId)).toEqual(late);
    expect(new Set(await at.commits('caravan.evt.trust.>'))).toEqual(new Set([1]));
    await at.stop();
    const left = 'select 1 from certificates where not recorded union all select 1 from authorities where not recorded';
    expect((await at.pool.query(left)).rowCount).toBe(0);
  });

  it('takes up what `init` makes while the service runs', async () => {
    const at = installation();
    const service = await at.start();
    await at.init();
    await at.pool.query("update authorities set created_at = created_at - interval '1 minute'");
    await at.pool.query("update certificates set created_at = created_at - interval '1 minute'");
    await eventually(
      'all are in the log',
      async () => (await at.commits('caravan.evt.trust.>')).length >= 2 + BY_INIT,
      {
        everyMs: 100,
      },
    );
    expect(await at.commits('caravan.evt.trust.>')).toEqual(Array.from({ length: 2 + BY_INIT }, () => 1)); // and two authorities
    expect(service.health.troubles()).toEqual([]);
  });

  it('ends the start when log and database do not belong together', async () => {
    const at = installation();
    await at.init();
    await at.start();
    await at.stop();
    await at.useFreshDatabase();
    await at.init(join(at.directory, 'other'));
    await expect(at.start()).rejects.toThrow('Restore the pki schema that belongs to this log');
  });
});
