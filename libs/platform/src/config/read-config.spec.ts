import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigurationError, natsVariables, postgresVariables, processVariables, readConfig } from './index.js';

const variables = z.object({ ...processVariables, ...natsVariables, ...postgresVariables });
const good = {
  CARAVAN_INSTALLATION: 'acme',
  NATS_URL: 'tls://a.example:4222,tls://b.example:4222',
  DATABASE_URL: 'postgres://caravan:hunter2@db.example/caravan',
};

function refusal(environment: NodeJS.ProcessEnv): ConfigurationError {
  try {
    readConfig(variables, environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
  }
  throw new Error('it was taken');
}

describe('reading the configuration', () => {
  it('fills in what has a default', () => {
    expect(readConfig(variables, good)).toMatchObject({ LOG_LEVEL: 'info', NATS_TLS_HANDSHAKE_FIRST: false });
  });

  it('takes an empty variable for an absent one', () => {
    expect(readConfig(variables, { ...good, LOG_LEVEL: '', HEALTH_PORT: '' })).toMatchObject({ LOG_LEVEL: 'info' });
  });

  it('names every wrong variable at once, each with its remedy', () => {
    const { wrong, message, exitCode } = refusal({
      ...good,
      NATS_URL: undefined,
      LOG_LEVEL: 'loud',
      HEALTH_PORT: '99999',
    });
    expect(wrong.map(({ variable }) => variable).sort()).toEqual(['HEALTH_PORT', 'LOG_LEVEL', 'NATS_URL']);
    expect(message).toContain('NATS_URL is missing: where the NATS servers are');
    expect(exitCode).toBe(78);
  });

  it('refuses a file that is not there', () => {
    expect(refusal({ ...good, NATS_CA_FILE: '/no/such/file' }).message).toContain('there is no file /no/such/file');
  });

  it('never shows the password of a database, right or wrong', () => {
    expect(inspect(readConfig(variables, good), { depth: 9 })).not.toContain('hunter2');
    expect(refusal({ ...good, DATABASE_URL: 'mysql://caravan:hunter2@db' }).message).not.toContain('hunter2');
  });
});
