import { describe, expect, it } from 'vitest';
import { SITE_WRITES, WriteRates } from './write-rates.js';

const start = Date.parse('2026-01-01T12:00:00.000Z');
const after = (ms: number): Date => new Date(start + ms);
const often = (times: number, work: () => void): void => Array.from({ length: times }).forEach(work);

describe('the rate at which a site may write', () => {
  const newRates = () => new WriteRates({ burst: 3, perSecond: 2 });

  it('lets a burst pass, and then what time brings', () => {
    const rates = newRates();
    often(3, () => rates.pay('a', after(0)));
    expect(() => rates.pay('a', after(0))).toThrow('site.too-fast');
    expect(() => rates.pay('a', after(499))).toThrow('site.too-fast');
    rates.pay('a', after(500));
    expect(() => rates.pay('a', after(500))).toThrow('site.too-fast');
  });

  it('says when to come again', () => {
    const rates = newRates();
    often(3, () => rates.pay('a', after(0)));
    const refused = (at: Date) => expect(() => rates.pay('a', at));
    refused(after(0)).toThrow(expect.objectContaining({ details: expect.objectContaining({ retryAfterMs: 500 }) }));
    refused(after(400)).toThrow(expect.objectContaining({ details: expect.objectContaining({ retryAfterMs: 100 }) }));
  });

  it('saves up no more than a burst', () => {
    const rates = newRates();
    rates.pay('a', after(0));
    often(3, () => rates.pay('a', after(1_499)));
    expect(() => rates.pay('a', after(1_499))).toThrow('site.too-fast');
  });

  it('is that of each site', () => {
    const rates = newRates();
    often(3, () => rates.pay('a', after(0)));
    rates.pay('b', after(0));
    expect(() => rates.pay('a', after(0))).toThrow('site.too-fast');
  });

  it('is forgotten once it is full again, and not before', () => {
    const rates = newRates();
    often(3, () => rates.pay('a', after(0)));
    rates.pay('b', after(1_000));
    expect(rates.size).toBe(2);
    rates.pay('c', after(1_500));
    expect(rates.size).toBe(2);
    rates.pay('a', after(1_500));
    expect(rates.size).toBe(3);
  });

  it('remembers those of the last while and not all that ever were', () => {
    const rates = newRates();
    for (let site = 0; site < 10_000; site++) rates.pay(String(site), after(site));
    expect(rates.size).toBeLessThanOrEqual(1_500);
  });

  it('neither refuses for long nor gives anything when a clock goes back', () => {
    const rates = newRates();
    often(3, () => rates.pay('a', after(1_000)));
    expect(() => rates.pay('a', after(0))).toThrow('site.too-fast');
    rates.pay('a', after(500));
    rates.pay('b', after(3_600_000));
    rates.pay('b', after(0));
    expect(rates.size).toBe(1);
  });

  it('has room for all the listeners and connectors of a site at once', () => {
    const rates = new WriteRates(SITE_WRITES);
    often(96, () => rates.pay('a', after(0)));
    expect(() => often(96, () => rates.pay('a', after(0)))).toThrow('site.too-fast');
  });
});
