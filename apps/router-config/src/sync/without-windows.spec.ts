import { describe, expect, it } from 'vitest';
import { listener, network } from '../example.fixture.js';
import { Folded } from '../folded.fixture.js';
import { id, STARTS_AT } from '../names.fixture.js';
import { authority } from '../trust-events.fixture.js';
import { withoutWindows } from './without-windows.js';

const NOW = Date.parse(STARTS_AT) + 1;
const tell = (folded: Folded, siteName: string, revision: number, now = NOW) =>
  withoutWindows((from) => folded.changesSince(siteName, from), revision, now);
const networksIn = ({ items }: ReturnType<typeof tell>) =>
  items.filter(({ key }) => /^admission\/(claim|member)-/.test(key)).map(({ key }) => key);

describe('a site that knows of no windows', () => {
  it('is never told one', () => {
    const reply = tell(new Folded(), 'north', 0);
    expect(networksIn(reply)).toHaveLength(4);
    expect(JSON.stringify(reply)).not.toContain('"window"');
    // A negative control: another site is.
    expect(JSON.stringify(new Folded().changesSince('north', 0))).toContain('"window"');
  });

  it('is told the doors of a network from its start to its end, though nothing happens then', () => {
    const folded = new Folded();
    const [startsAt, endsAt] = ['2031-01-01T00:00:00.000Z', '2031-02-01T00:00:00.000Z'];
    folded.take(network('fair', 'demo', { startsAt, endsAt }), authority('claim', 'fair'));
    const door = `admission/claim-${id('fair')}`;
    const told = [NOW, Date.parse(startsAt), Date.parse(endsAt) - 1, Date.parse(endsAt)].map((now) => {
      const reply = tell(folded, 'north', folded.position, now);
      expect(reply).toMatchObject({ kind: 'snapshot', revision: folded.position });
      return networksIn(reply).includes(door);
    });
    expect(told).toEqual([false, true, true, false]);
  });

  it('gets deltas as any other where it has no doors of networks', () => {
    const folded = new Folded();
    const before = folded.position;
    folded.take(listener('hq', 'retail', 'till'));
    expect(tell(folded, 'hq', before)).toEqual(folded.changesSince('hq', before));
    expect(tell(folded, 'hq', before)).toMatchObject({ kind: 'delta', items: [{ revision: before + 1 }] });
  });
});
