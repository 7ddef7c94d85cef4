import { describe, expect, it } from '@jest/globals';
import { readModelsOf } from '../read-models/rows.fixture.js';
import { established, pem } from './certificate.fixture.js';
import { controlTrust } from './control-trust.js';

describe('how a site knows the management plane', () => {
  it('is by its name, under the management authority and nothing above it', async () => {
    expect(await controlTrust(readModelsOf(established('root'), established('management')))).toEqual({
      serverName: 'caravan.control',
      trust: [pem('management')],
    });
  });

  it('is not to be had before a root is established', async () => {
    await expect(controlTrust(readModelsOf())).rejects.toMatchObject({ code: 'root.awaiting-root' });
  });
});
