/** A generator that gives the same numbers for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Bytes that mean something in DER: nothing, a SEQUENCE, lengths that are none, of one byte and of four. */
const MEANINGFUL = [0x00, 0x30, 0x80, 0x81, 0x84, 0xff];

/** `bytes` after one to six changes: replaced, inserted, deleted, cut off, or a piece of it once more somewhere else. */
export function mutated(bytes: Buffer, random: () => number): Buffer {
  let result = Buffer.from(bytes);
  const any = (below: number): number => Math.floor(random() * Math.max(1, below));
  for (let changes = 1 + any(6); changes > 0; changes--) {
    const at = any(result.length);
    const byte = random() < 0.5 ? any(256) : MEANINGFUL[any(MEANINGFUL.length)]!;
    switch (any(5)) {
      case 0:
        result = Buffer.concat([result.subarray(0, at), result.subarray(at + 1)]);
        break;
      case 1:
        result = Buffer.concat([result.subarray(0, at), Buffer.of(byte), result.subarray(at)]);
        break;
      case 2:
        result = result.subarray(0, Math.max(1, at));
        break;
      case 3: {
        const from = any(result.length);
        const piece = result.subarray(from, from + any(64));
        result = Buffer.concat([result.subarray(0, at), piece, result.subarray(at)]);
        break;
      }
      default:
        result = Buffer.from(result);
        result[at] = byte;
    }
  }
  return result;
}
