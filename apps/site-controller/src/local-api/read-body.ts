import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { DoorCode } from './refusals.js';

export const MOST_BODY_BYTES = 65_536;
/** Of a body that is refused, so that whoever sends it can read why. */
const LEFT_OVER = { bytes: 1_048_576, ms: 2_000 };

const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

export type Body = { readonly value: unknown } | { readonly refused: DoorCode };

/** The body as JSON, bounded before it is read and never decompressed; `value` is undefined when there is none. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const { headers } = request;
  const announced = Number(headers['content-length'] ?? 0);
  if (announced === 0 && headers['transfer-encoding'] === undefined) return { value: undefined };
  const isPlain = (headers['content-encoding'] ?? 'identity') === 'identity';
  const refused: DoorCode | undefined =
    announced > MOST_BODY_BYTES
      ? 'request.too-large'
      : isPlain && JSON_TYPE.test(headers['content-type'] ?? '')
        ? undefined
        : 'request.unsupported-media-type';
  const bytes = refused ? await taken(request, LEFT_OVER) : await taken(request, { bytes: MOST_BODY_BYTES });
  if (refused) return { refused };
  if (bytes === 'too many') {
    await taken(request, LEFT_OVER);
    return { refused: 'request.too-large' };
  }
  return bytes === 'cut off' ? { refused: 'request.too-slow' } : parsed(bytes);
}

function parsed(bytes: Buffer): Body {
  try {
    if (isUtf8(bytes)) return { value: JSON.parse(bytes.toString('utf8')) as unknown };
  } catch {
    // The same answer as for what is no text.
  }
  return { refused: 'request.not-json' };
}

/** Reads on from where the request is; stops, and leaves the rest unread, at the bound. */
function taken(
  request: IncomingMessage,
  most: { bytes: number; ms?: number },
): Promise<Buffer | 'too many' | 'cut off'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const timer = most.ms === undefined ? undefined : setTimeout(() => end('too many'), most.ms);
    const end = (how: Buffer | 'too many' | 'cut off'): void => {
      clearTimeout(timer);
      request.off('data', take);
      request.pause();
      resolve(how);
    };
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > most.bytes) return end('too many');
      if (most.ms === undefined) chunks.push(chunk);
    };
    request.once('end', () => end(Buffer.concat(chunks)));
    for (const event of ['error', 'close']) request.once(event, () => end('cut off'));
    request.on('data', take);
    request.resume();
  });
}
