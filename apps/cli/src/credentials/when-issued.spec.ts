import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ApiError } from '@caravan/api';
import { whenIssued } from './when-issued.js';

const pending = () =>
  new ApiError({ type: 'about:blank', title: '', status: 503, code: 'certificate.pending', detail: 'Not yet.' });
const patience = { forMs: 100, quietMs: 20, pauseMs: 5 };

const told = async (ask: () => Promise<string>, quietMs = patience.quietMs) => {
  let said = '';
  const terminal = { err: (text: string) => void (said += text) };
  const outcome = await whenIssued(ask, terminal, { ...patience, quietMs }).catch((error: Error) => error);
  return { said, outcome };
};
const WAITS = 'The certificate is being signed; waiting for it, about 0.1 s at most …\n';

describe('waiting for a certificate', () => {
  it('says nothing of what is there at once', async () => {
    expect(await told(() => Promise.resolve('signed'), 10_000)).toEqual({ said: '', outcome: 'signed' });
  });

  it('says for what and how long at most, once, also while the answer itself is late', async () => {
    const late = () => pause(200).then(() => 'signed');
    expect(await told(late)).toEqual({ said: WAITS, outcome: 'signed' });
    const answers = [pending(), pending()];
    const asked = () => {
      const next = answers.shift();
      return next ? Promise.reject(next) : Promise.resolve('signed');
    };
    expect(await told(asked, 10_000)).toEqual({ said: WAITS, outcome: 'signed' });
  });

  it('ends with what was answered last', async () => {
    const { said, outcome } = await told(() => Promise.reject(pending()));
    expect({ said, outcome }).toMatchObject({ said: WAITS, outcome: { problem: { code: 'certificate.pending' } } });
  });

  it('does not wait where waiting does not help', async () => {
    const { said, outcome } = await told(() => Promise.reject(new Error('refused')), 10_000);
    expect({ said, outcome }).toMatchObject({ said: '', outcome: { message: 'refused' } });
  });
});
