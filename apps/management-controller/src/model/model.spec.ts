import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { tryOut } from './agreement.fixture.js';
import type { Tried } from './agreement.fixture.js';

const source = (file: string): string => readFileSync(fileURLToPath(new URL(`../${file}`, import.meta.url)), 'utf8');

/** Every command of these deciders, as their types spell them. */
function kinds(): string[] {
  const files = ['backbone-commands', 'backbone-name'].map((file) => `backbones/${file}.ts`);
  const more = ['networks/network-state.ts', 'invitations/invitation.ts', 'members/member.ts'];
  const text = [...files, ...more].map(source).join();
  return [...new Set([...text.matchAll(/Command<'(\w+)'>/g)].map(([, kind]) => kind!))].sort();
}

/** Every refusal of these deciders. */
function codes(): string[] {
  const files = ['', '-access-points', '-links', '-name', '-sites'].map((rest) => `backbones/backbone${rest}.ts`);
  const networks = ['network', 'listing', 'schedule', 'window'].map((file) => `networks/${file}.ts`);
  const invitations = ['invitation', 'claims', 'details', 'join-tokens'].map((file) => `invitations/${file}.ts`);
  const text = [...files, ...networks, ...invitations, 'members/member.ts'].map(source).join();
  return [...text.matchAll(/Rejection\(\s*['`]([^'`]+)['`]/g)]
    .flatMap(([, code]) => ['listener', 'connector'].map((kind) => code!.replace('${kind}', kind)))
    .filter((code, index, all) => all.indexOf(code) === index)
    .sort();
}

/**
 * The deciders of backbones, networks, invitations and members, through `handleCommand`, the API's controllers, the claim endpoint and
 * the opening reaction, of two processes on one log; against maps and sets. What is asked, when, in which order the processes get
 * their turns at the log, what is sent twice, and when one of them is killed, is random.
 */
describe('the deciders and a plain model', () => {
  let tried: Tried;
  beforeAll(async () => {
    tried = await tryOut({ commands: 100_000 });
    process.stdout.write(`${tried.statistics.toString()}\n`);
  }, 600_000);

  it('agree about 100,000 commands', () => {
    expect(tried.disagreement).toBeUndefined();
  });

  // A generator that gets nowhere would agree with anything.
  describe('were asked', () => {
    const often = (counts: ReadonlyMap<string, number>, what: string) => ({
      what,
      often: (counts.get(what) ?? 0) >= 5,
    });

    it.each(kinds())('%s', (kind) => {
      expect(often(tried.statistics.kinds, kind)).toEqual({ what: kind, often: true });
    });
    it.each(codes())('what is refused with %s', (code) => {
      expect(often(tried.statistics.rejections, code)).toEqual({ what: code, often: true });
    });
    it.each([
      'answered a second time',
      'append in conflict',
      'append lost',
      'append unanswered',
      'asked again',
      'decided on what was remembered',
      'killed',
      'nothing to do',
      'reaction repeated or early',
    ])('with this turn of fate: %s', (turn) => {
      expect(often(tried.statistics.turns, turn)).toEqual({ what: turn, often: true });
    });
    it('and refused nothing that its deciders do not say', () => {
      expect([...tried.statistics.rejections.keys()].filter((code) => !codes().includes(code))).toEqual([
        'command.id-reused', // what handleCommand says
      ]);
    });
  });
});
