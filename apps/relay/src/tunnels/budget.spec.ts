import { describe, expect, it } from 'vitest';
import type { Carried, Memory } from './budget.js';
import { Budget } from './budget.js';

const KiB = 1024;
const MiB = 1024 * KiB;
/** What a tunnel costs that carries nothing. */
const IDLE = 24 * KiB;

class Load implements Carried {
  passedBytes = 0;
  wasReset = false;
  constructor(public bytes: number) {}
  weigh = (): number => (this.wasReset ? 0 : this.bytes);
  passed = (): number => this.passedBytes;
  look = (): void => undefined;
  reset = (): void => void (this.wasReset = true);
}

function budgetOf(bytes: number, tunnels = 1_000) {
  const seen = { memory: [] as Memory[], evicted: 0 };
  const budget = new Budget({
    bytes,
    tunnels,
    changed: (memory) => void seen.memory.push(memory),
    evicted: (count) => void (seen.evicted += count),
  });
  const carry = (held: number, scope = `n${budget.tunnels}`): Load => {
    const load = new Load(held - IDLE);
    budget.take(scope).carry(load);
    budget.measure();
    return load;
  };
  return { budget, seen, carry };
}

describe('the budget of all tunnels', () => {
  it('is calm below half, short from half on, full from its bytes on, and calm again', () => {
    const { budget, seen, carry } = budgetOf(8 * MiB);
    const loads = [3, 2, 3].map((mebibytes) => carry(mebibytes * MiB));
    expect(seen.memory).toEqual(['short', 'full']);
    for (const load of loads) load.bytes = 0;
    budget.measure();
    expect(seen.memory.at(-1)).toBe('calm');
  });

  it('has room as long as more of it would be calm', () => {
    const { budget, carry } = budgetOf(8 * MiB);
    carry(3 * MiB);
    expect([0, MiB - 1, MiB].map((more) => budget.hasRoom(more))).toEqual([true, true, false]);
    carry(2 * MiB);
    expect(budget.hasRoom(0)).toBe(false);
  });

  it('refuses what is new when it is full, with a code, and lets go on what is carried', () => {
    const { budget, carry } = budgetOf(4 * MiB);
    const loads = [carry(2 * MiB), carry(2 * MiB)];
    expect(() => budget.take('new')).toThrow('relay.full');
    expect(loads.map(({ wasReset }) => wasReset)).toEqual([false, false]);
    loads[0]!.bytes = 0;
    budget.measure();
    expect(() => budget.take('new')).not.toThrow();
  });

  it('counts a tunnel that carries nothing', () => {
    const { budget } = budgetOf(10 * IDLE);
    for (let i = 0; i < 10; i++) budget.take(`n${i}`);
    budget.measure();
    expect(budget.held).toBe(10 * IDLE);
    expect(() => budget.take('one more')).toThrow('relay.full');
  });

  it('counts what comes and goes between two measurements', () => {
    const { budget } = budgetOf(8 * IDLE);
    const some = Array.from({ length: 6 }, () => budget.take('n'));
    expect(() => budget.take('n')).toThrow('n makes this relay hold');
    budget.take('other');
    budget.take('other');
    expect(() => budget.take('a third')).toThrow('tunnels hold');
    for (const ticket of some) ticket.giveBack();
    expect(budget.held).toBe(2 * IDLE);
    expect(() => budget.take('n')).not.toThrow();
  });

  it('forgets what a tunnel held once it is gone', () => {
    const { budget } = budgetOf(8 * MiB);
    const ticket = budget.take('n');
    ticket.carry(new Load(7 * MiB));
    budget.measure();
    expect(budget.held).toBe(7 * MiB + IDLE);
    ticket.giveBack();
    expect(budget.held).toBe(0);
    expect(() => budget.take('n')).not.toThrow();
  });

  it('counts nothing of one that ends while it is looked at', () => {
    const { budget, carry } = budgetOf(8 * MiB);
    carry(1 * MiB);
    const ticket = budget.take('crumbs');
    const load = new Load(1 * MiB);
    ticket.carry({ ...load, weigh: () => (ticket.giveBack(), load.bytes) });
    budget.measure();
    expect({ held: budget.held, tunnels: budget.tunnels }).toEqual({ held: 1 * MiB, tunnels: 1 });
  });

  it('leaves a quarter to the others, of bytes and of tunnels', () => {
    const { budget, carry } = budgetOf(8 * MiB, 8);
    carry(6 * MiB, 'hog');
    expect(() => budget.take('hog')).toThrow('hog makes this relay hold');
    expect(() => budget.take('other')).not.toThrow();
    const { budget: counted } = budgetOf(8 * MiB, 8);
    for (let i = 0; i < 6; i++) counted.take('hog');
    expect(() => counted.take('hog')).toThrow('hog has 6 tunnels open');
    expect(() => counted.take('other')).not.toThrow();
  });

  it('takes so many tunnels and no more, until one is given back; giving back twice counts once', () => {
    const { budget } = budgetOf(8 * MiB, 2);
    const first = budget.take('a');
    budget.take('b');
    expect(() => budget.take('c')).toThrow('2 tunnels are open');
    first.giveBack();
    first.giveBack();
    expect(budget.tunnels).toBe(1);
    budget.take('a');
    expect(() => budget.take('c')).toThrow('relay.full');
  });

  it('resets what is stuck, the largest first, once it is a quarter over', () => {
    const { budget, seen, carry } = budgetOf(8 * MiB);
    const moving = carry(4 * MiB);
    const [small, large] = [carry(1 * MiB), carry(2 * MiB)];
    moving.passedBytes = 1;
    budget.measure();
    expect(seen.evicted).toBe(0);
    moving.bytes = 7.9 * MiB;
    moving.passedBytes = 2;
    budget.measure();
    expect([small.wasReset, large.wasReset, moving.wasReset, seen.evicted]).toEqual([true, true, false, 2]);
  });

  it('resets what holds most when that is not enough', () => {
    const { budget, carry } = budgetOf(8 * MiB);
    const moving = [carry(2 * MiB), carry(3 * MiB)];
    for (const [index, load] of moving.entries()) {
      load.bytes = (index + 1) * 7 * MiB;
      load.passedBytes = 1;
    }
    budget.measure();
    expect(moving.map(({ wasReset }) => wasReset)).toEqual([false, true]);
  });
});
