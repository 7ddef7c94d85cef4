import { describe, expect, it } from 'vitest';
import { ApiError } from '@caravan/api';
import { CliError } from '../failures/cli-error.js';
import { failureOf } from '../failures/failure.js';
import { whenAddressed } from './addresses.js';

const code = 'invitation.no-address-yet';
const refused = () => new ApiError({ type: 'about:blank', title: '', status: 409, code, detail: 'No address.' });
const waits = (ms: number) =>
  `No address is known yet; waiting for a site to report one, about ${ms / 1_000} s at most …\n`;

const told = async (answers: (Error | string)[], forMs = 200) => {
  let said = '';
  let asked = 0;
  const ask = async () => {
    const answer = answers[Math.min(asked++, answers.length - 1)] as Error | string;
    if (typeof answer === 'string') return answer;
    throw answer;
  };
  const patience = { forMs, pauseMs: 5, remedies: ['say where'] };
  const outcome = await whenAddressed(ask, { err: (text) => void (said += text) }, patience).catch(failureOf);
  return { said, asked, outcome };
};

describe('waiting for an address', () => {
  it('is over as soon as there is one, and told of once', async () => {
    const here = new CliError(code, 'No address.');
    expect(await told([refused(), here, 'made'], 60_000)).toMatchObject({ asked: 3, outcome: 'made' });
    expect((await told([refused(), here, 'made'], 900)).said).toBe(waits(900));
  });

  it('says nothing where there is one', async () => {
    expect(await told(['made'])).toEqual({ said: '', asked: 1, outcome: 'made' });
  });

  it('ends with the refusal and what to do', async () => {
    const { said, asked, outcome } = await told([refused()]);
    expect({ said, outcome }).toMatchObject({ said: waits(200), outcome: { code, remedies: ['say where'] } });
    expect(asked).toBeGreaterThan(1);
  });

  it('is none where nobody would report one, and for no other refusal', async () => {
    expect(await told([refused()], 0)).toMatchObject({ said: '', asked: 1, outcome: { code } });
    expect(await told([new CliError('x.y', 'no')])).toMatchObject({ said: '', asked: 1, outcome: { code: 'x.y' } });
  });
});
