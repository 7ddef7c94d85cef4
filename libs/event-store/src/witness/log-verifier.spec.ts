import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { commitHash } from '../commit-bytes.js';
import { chainAfter, chainOfText, chainText, describeDivergence, EMPTY_LOG, LogVerifier } from './index.js';
import type { Divergence, LogCheckpoint, LogEntry, LogVerifierOptions } from './index.js';

/** Commits on three streams, each naming the one before it on its own, as handleCommand writes them. */
function logOf(length: number, salt = ''): LogEntry[] {
  const previous = new Map<string, string>();
  return Array.from({ length }, (_, index) => {
    const stream = `caravan.evt.topology.notebook.n${index % 3}`;
    const bytes = Buffer.from(JSON.stringify({ previous: previous.get(stream) ?? null, text: `${index}${salt}` }));
    previous.set(stream, commitHash(bytes));
    return { position: index + 1, stream, bytes };
  });
}

function checkpointsOf(log: readonly LogEntry[], every: number): LogCheckpoint[] {
  let chain = EMPTY_LOG;
  const all = log.map((entry) => {
    chain = chainAfter(chain, entry);
    return { sequence: entry.position, chain: chainText(chain), commitHash: commitHash(entry.bytes), at: new Date(0) };
  });
  return all.filter(({ sequence }) => sequence % every === 0 || sequence === log.length);
}

function verify(log: readonly LogEntry[], options: LogVerifierOptions): Divergence | undefined {
  const verifier = new LogVerifier(options);
  for (const entry of log) {
    const divergence = verifier.take(entry);
    if (divergence) return divergence;
  }
  return verifier.end();
}

const log = logOf(25);
const checkpoints = checkpointsOf(log, 10);
const replaced = (at: number, entry: Partial<LogEntry>): LogEntry[] =>
  log.map((each) => (each.position === at ? { ...each, ...entry } : each));
const flipped = (at: number): LogEntry[] => {
  const bytes = Uint8Array.from(log[at - 1]!.bytes);
  bytes[bytes.length - 3]! ^= 1; // still JSON, still the same length
  return replaced(at, { bytes });
};

describe('the chain of a log', () => {
  it('is SHA-256 over what came before, the position, the subject and the bytes', () => {
    const entry = { position: 258, stream: 'caravan.evt.a.b.c', bytes: Buffer.from('{}') };
    // By sha256sum: 32 zero bytes, 00 00 00 00 00 00 01 02, the subject, a zero byte, {}
    const expected = 'f48420c699c4b5c0125b559da849d18f9a53c43aba6c5711bcf1bf9e4acd21c0';
    expect(chainText(chainAfter(EMPTY_LOG, entry))).toBe(expected);
  });

  it('is another one when anything of an entry is another', () => {
    const entry = log[0]!;
    const others: LogEntry[] = [
      { ...entry, position: 2 },
      { ...entry, position: 1 + 2 ** 32 },
      { ...entry, stream: `${entry.stream}x` },
      { ...entry, bytes: Buffer.concat([entry.bytes, Buffer.from(' ')]) },
      { ...entry, stream: entry.stream.slice(0, -1), bytes: Buffer.concat([Buffer.from('0'), entry.bytes]) },
    ];
    const texts = [entry, ...others].map((each) => chainText(chainAfter(EMPTY_LOG, each)));
    expect(new Set([...texts, chainText(chainAfter(chainOfText(texts[0]!), entry))]).size).toBe(7);
  });

  it('is the same however long the entry is', () => {
    const chains = [10, 65_000, 65_536, 900_000].map((length) => {
      const entry = { position: 1, stream: 'caravan.evt.a.b.c', bytes: new Uint8Array(length).fill(7) };
      const inOne = Buffer.concat([
        EMPTY_LOG,
        Buffer.from('0000000000000001', 'hex'),
        Buffer.from(`${entry.stream}\0`),
        entry.bytes,
      ]);
      return chainText(chainAfter(EMPTY_LOG, entry)) === commitHash(inOne);
    });
    expect(chains).toEqual([true, true, true, true]);
  });

  it('is not read from what is none', () => expect(() => chainOfText('abc')).toThrow(RangeError));
});

describe('a log that was witnessed', () => {
  it('is right when nothing happened to it, and when it went on', () => {
    expect(verify(log, { checkpoints, links: true })).toBeUndefined();
    expect(verify(logOf(40), { checkpoints, links: true })).toBeUndefined();
    expect(verify(log, {})).toBeUndefined();
  });

  it.each<[string, readonly LogEntry[], Divergence]>([
    ['lost its end', log.slice(0, 22), { kind: 'went-back', sequence: 25, end: 22 }],
    ['is empty', [], { kind: 'went-back', sequence: 25, end: 0 }],
    ['has a hole', log.filter(({ position }) => position !== 7), { kind: 'incomplete', sequence: 7, found: 8 }],
    ['lost its beginning', log.slice(3), { kind: 'incomplete', sequence: 1, found: 4 }],
    ['has a flipped bit', flipped(13), { kind: 'altered', sequence: 20, after: 10 }],
    ['has a flipped bit in its last entry', flipped(25), { kind: 'altered', sequence: 25, after: 20 }],
    [
      'has an entry of another stream',
      replaced(2, { stream: 'caravan.evt.a.b.c' }),
      { kind: 'altered', sequence: 10, after: 0 },
    ],
    ['is another one of the same length', logOf(25, '!'), { kind: 'altered', sequence: 10, after: 0 }],
  ])('is found out when it %s', (_, changed, divergence) => {
    expect(verify(changed, { checkpoints })).toEqual(divergence);
  });

  it('is not found out without checkpoints: it is they that remember', () => {
    expect(verify(log.slice(0, 22), {})).toBeUndefined();
    expect(verify(flipped(13), {})).toBeUndefined();
    expect(verify(logOf(25, '!'), { links: true })).toBeUndefined();
  });

  it('is found out at the very place by what its commits name, where there is a later one on the stream', () => {
    expect(verify(flipped(13), { links: true })).toEqual({ kind: 'unlinked', sequence: 16, stream: log[15]!.stream });
    expect(verify(replaced(5, { bytes: Buffer.from('no commit') }), { links: true })).toMatchObject({
      kind: 'unlinked',
      sequence: 5,
    });
  });

  it('is found out whatever was changed in it', () => {
    const changes = fc.oneof(
      fc.record({ at: fc.nat(24), byte: fc.nat(), mask: fc.integer({ min: 1, max: 255 }) }),
      fc.record({ cut: fc.integer({ min: 1, max: 25 }) }),
      fc.record({ drop: fc.nat(24) }),
      fc.record({ swap: fc.nat(23) }),
    );
    fc.assert(
      fc.property(changes, fc.integer({ min: 1, max: 30 }), (change, every) => {
        const changed = apply(change);
        expect(verify(changed, { checkpoints: checkpointsOf(log, every) })).toBeDefined();
      }),
    );
  });

  it('is described in words that say where', () => {
    const all: Divergence[] = [
      { kind: 'went-back', sequence: 41, end: 3 },
      { kind: 'incomplete', sequence: 41, found: 43 },
      { kind: 'incomplete', sequence: 41, found: null },
      { kind: 'replaced', sequence: 41 },
      { kind: 'altered', sequence: 41, after: 40 },
      { kind: 'unlinked', sequence: 41, stream: 's' },
      { kind: 'missing', sequence: 41 },
    ];
    const words = all.map(describeDivergence);
    expect(words.filter((text) => text.includes('41'))).toHaveLength(7);
    expect(new Set(words).size).toBe(7);
  });
});

type Change = { at: number; byte: number; mask: number } | { cut: number } | { drop: number } | { swap: number };

function apply(change: Change): LogEntry[] {
  if ('cut' in change) return log.slice(0, 25 - change.cut);
  if ('drop' in change) {
    // Closed up again, as a log that was copied without it would be.
    const rest = log.filter((_, index) => index !== change.drop);
    return rest.map((entry, index) => ({ ...entry, position: index + 1 }));
  }
  if ('swap' in change) {
    const [one, other] = [log[change.swap]!, log[change.swap + 1]!];
    return log.map((entry) => {
      if (entry === one) return { ...other, position: one.position };
      return entry === other ? { ...one, position: other.position } : entry;
    });
  }
  const bytes = Uint8Array.from(log[change.at]!.bytes);
  bytes[change.byte % bytes.length]! ^= change.mask;
  return replaced(change.at + 1, { bytes });
}
