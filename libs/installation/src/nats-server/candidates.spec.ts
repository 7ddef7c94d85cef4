import { describe, expect, it } from 'vitest';
import { chooseCandidate } from './candidates.js';
import type { Candidate } from './candidates.js';
import { parseVersion } from './version.js';

const found = (path: string, version: string, from: Candidate['from'] = 'PATH'): Candidate => ({
  path,
  from,
  version: parseVersion(version),
});

describe('choosing a nats-server', () => {
  it('takes the first that is new enough, in the order given', () => {
    const choice = chooseCandidate([found('/a', '2.10.27'), found('/b', '2.14.0')]);
    expect(choice.chosen?.path).toBe('/a');
    expect(choice.passedOver).toEqual([]);
  });

  it('passes over one that is too old, and says so and why', () => {
    const choice = chooseCandidate([found('/usr/sbin/nats-server', '2.9.10'), found('/cache', '2.10.27', 'cache')]);
    expect(choice.chosen?.path).toBe('/cache');
    expect(choice.passedOver).toHaveLength(1);
    expect(choice.passedOver[0]).toMatch(
      /\/usr\/sbin\/nats-server \(from PATH\): it is 2\.9\.10.*2\.10\.27.*lose messages/,
    );
  });

  it('passes over one that does not say its version, quoting the problem', () => {
    const broken: Candidate = { path: '/x', from: 'PATH', version: undefined, problem: 'EACCES' };
    expect(chooseCandidate([broken]).chosen).toBeUndefined();
    expect(chooseCandidate([broken]).passedOver[0]).toContain('EACCES');
  });

  it('chooses nothing from nothing', () => {
    expect(chooseCandidate([])).toEqual({ chosen: undefined, passedOver: [] });
  });
});
