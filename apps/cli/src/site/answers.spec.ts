import { describe, expect, it } from 'vitest';
import type { Ask } from '@caravan/api';
import { askText, readAsk } from '../kinds/asking.js';
import { answersTo } from './answers.js';

const asks: Ask[] = ['contact=Whom shall we call?', 'floor:number?', 'open:boolean', 'region:emea | apac'].map(readAsk);
const set = ['contact=Ada', 'open=yes', 'region=apac'];
const asking = { networkName: 'retail', interactive: true, asks };

/** Whoever sits at the terminal types these, one after the other. */
function somebody(...lines: string[]) {
  const heard: string[] = [];
  const ask = async (question: string) => {
    heard.push(question);
    return lines.shift() ?? '';
  };
  return { heard, ask, err: (text: string) => void heard.push(text) };
}
const nobody = { ask: undefined, err: () => undefined };

describe('what is asked of whoever joins', () => {
  it('is written in one word for each', () => {
    expect(asks.map(askText)).toEqual([
      'contact=Whom shall we call?',
      'floor:number?',
      'open:boolean',
      'region:emea|apac',
    ]);
    expect(asks[3]).toEqual({ type: 'choice', name: 'region', about: '', required: true, choices: ['emea', 'apac'] });
    for (const text of ['', 'floor:integer', 'Contact', ':number', 'region:emea|'])
      expect(() => readAsk(text)).toThrow('nothing that can be asked');
  });

  it('can be said on the command line', async () => {
    const said = await answersTo(asking, { name: 'paris', set: [...set, 'floor=2'] }, nobody);
    expect(said).toEqual({ name: 'paris', details: { contact: 'Ada', open: true, region: 'apac', floor: 2 } });
    expect(await answersTo({ networkName: 'retail' }, { name: undefined, set: [] }, nobody)).toEqual({});
  });

  it.each([
    [['floor=two'], 'expected is a number'],
    [['open=maybe'], 'expected is yes or no'],
    [['region=mars'], 'expected is one of emea, apac'],
    [['contact='], 'expected is some text'],
    [[`contact=${'a'.repeat(257)}`], 'expected is some text'],
    [['size=xl'], 'The invitation asks for: contact, floor, open, region'],
    [['contact'], 'The invitation asks for'],
  ])('is refused where it is no answer: %j', async (wrong, words) => {
    await expect(answersTo(asking, { name: 'paris', set: [...set, ...wrong] }, nobody)).rejects.toThrow(words);
  });

  it('refuses a name that is none', async () => {
    await expect(answersTo(asking, { name: 'Paris', set }, nobody)).rejects.toThrow('lower-case letters');
  });

  it('is named, where nobody can be asked, with how it is said', async () => {
    const missing = answersTo(asking, { name: undefined, set: ['open=no'] }, nobody);
    await expect(missing).rejects.toMatchObject({
      code: 'cli.missing-answers',
      message: expect.stringContaining('a name for the site, contact=Whom shall we call?, region:emea|apac'),
    });
    await expect(answersTo(asking, { name: undefined, set: ['size=xl'] }, nobody)).rejects.toThrow();
  });

  it('is asked of whoever sits there until it is an answer, and confirmed', async () => {
    const terminal = somebody('', 'Ada', 'perhaps', 'no', 'apac', 'Paris', '', ' paris ', 'y');
    const said = await answersTo(asking, { name: undefined, set: [] }, terminal);
    expect(said).toEqual({ name: 'paris', details: { contact: 'Ada', open: false, region: 'apac' } });
    expect(terminal.heard.at(0)).toBe('Whom shall we call? (some text, of 256 characters at most): ');
    expect(terminal.heard).toContain('expected is yes or no\n');
    expect(terminal.heard.at(-1)).toBe('Join network retail as paris? [y/N] ');
  });

  it('joins nothing when it is not confirmed', async () => {
    const no = answersTo(asking, { name: undefined, set }, somebody('paris', ''));
    await expect(no).rejects.toMatchObject({ code: 'site.not-confirmed' });
  });
});
