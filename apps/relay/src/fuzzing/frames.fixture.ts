import type { Random } from './random.fixture.js';

/** RFC 9113, 6. */
export const TYPE = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;
const END_STREAM = 1;
const END_HEADERS = 4;

export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export function frame(type: number, flags: number, stream: number, payload: Buffer, length = payload.length): Buffer {
  const head = Buffer.allocUnsafe(9);
  head.writeUIntBE(length & 0xffffff, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream >>> 0, 5);
  return Buffer.concat([head, payload]);
}

const uint32 = (value: number): Buffer => {
  const data = Buffer.allocUnsafe(4);
  data.writeUInt32BE(value >>> 0);
  return data;
};

export function settings(entries: readonly (readonly [id: number, value: number])[] = []): Buffer {
  const payload = Buffer.alloc(entries.length * 6);
  entries.forEach(([id, value], index) => {
    payload.writeUInt16BE(id, index * 6);
    payload.writeUInt32BE(value >>> 0, index * 6 + 2);
  });
  return frame(TYPE.settings, 0, 0, payload);
}

/** Header fields as HPACK literals without indexing and without Huffman (RFC 7541, 6.2.2): whatever they are. */
export const fields = (pairs: readonly (readonly [name: string, value: string])[]): Buffer =>
  Buffer.concat(pairs.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));

function text(value: string): Buffer {
  const data = Buffer.from(value, 'latin1');
  const length: number[] = data.length < 127 ? [data.length] : [127];
  for (let rest = data.length - 127; rest >= 0; rest = Math.floor(rest / 128) || -1) {
    length.push(rest >= 128 ? (rest % 128) + 128 : rest);
  }
  return Buffer.concat([Buffer.from(length), data]);
}

export const headers = (stream: number, pairs: readonly (readonly [string, string])[], end = false): Buffer =>
  frame(TYPE.headers, END_HEADERS | (end ? END_STREAM : 0), stream, fields(pairs));

export const connectTo = (stream: number, address: string): Buffer =>
  headers(stream, [
    [':method', 'CONNECT'],
    [':authority', address],
  ]);

/** What a relay says first on a line. */
export const greeting = (stream: number): Buffer =>
  headers(
    stream,
    [
      [':method', 'GET'],
      [':scheme', 'https'],
      [':path', '/offers'],
      [':authority', 'x'],
    ],
    true,
  );

export const data = (stream: number, payload: Buffer, end = false): Buffer =>
  frame(TYPE.data, end ? END_STREAM : 0, stream, payload);
export const ping = (): Buffer => frame(TYPE.ping, 0, 0, Buffer.alloc(8));
export const reset = (stream: number): Buffer => frame(TYPE.reset, 0, stream, uint32(8));
export const windowUpdate = (stream: number, by: number): Buffer => frame(TYPE.windowUpdate, 0, stream, uint32(by));

/** Any frame at all: sometimes right, sometimes almost, sometimes not. */
export function anyFrame(random: Random, stream: number): Buffer {
  const type = random.chance(0.95) ? random.below(10) : random.below(256);
  const flags = random.chance(0.7) ? random.pick([0, END_STREAM, END_HEADERS, 5]) : random.below(256);
  const id = random.chance(0.8) ? stream : random.pick([0, 1, 2, stream + 2, 0x7fffffff, 0xffffffff]);
  const right: Record<number, number> = { 2: 5, 3: 4, 4: 6 * random.below(4), 6: 8, 7: 8, 8: 4 };
  const length = random.chance(0.8) ? (right[type] ?? random.below(64)) : random.below(300);
  const payload = random.bytes(length);
  return random.chance(0.97) ? frame(type, flags, id, payload) : frame(type, flags, id, payload, random.below(2 ** 24));
}
