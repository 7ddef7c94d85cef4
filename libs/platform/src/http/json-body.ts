import type { IncomingMessage } from 'node:http';
import { Rejection } from '@caravan/event-store';
import { readJson } from './read-json.js';

/** Bytes of a refused body that are still taken, and for how long: who sends it should be able to read why. */
const LEFT_OVER = { bytes: 4 * 1_048_576, ms: 2_000 };

/** `application/json`, whose only charset is UTF-8 (RFC 8259, 11). */
const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

/**
 * The body of a request as JSON; undefined when there is none. It is bounded before it is read, and never decompressed.
 *
 * @throws Rejection `request.too-large`, `request.unsupported-media-type`, `request.not-json`, `request.invalid`
 */
export async function jsonBody(request: IncomingMessage, mostBytes: number): Promise<unknown> {
  const { headers } = request;
  const announced = Number(headers['content-length'] ?? 0);
  if (announced === 0 && headers['transfer-encoding'] === undefined) return undefined;
  if (announced > mostBytes) return refuse(request, tooLarge(mostBytes));
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    return refuse(request, unsupported('A body is taken as it is, without any Content-Encoding.'));
  }
  if (!JSON_TYPE.test(headers['content-type'] ?? '')) {
    return refuse(request, unsupported('Send the body as `Content-Type: application/json`, in UTF-8.'));
  }
  const bytes = await bytesOf(request, mostBytes);
  return bytes ? readJson(bytes) : refuse(request, tooLarge(mostBytes));
}

/** Takes what is left of a body, within reason, so that the answer is heard; `answerAndEnd` cuts what is longer. */
export function leftOver(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let taken = 0;
    const end = (): void => {
      clearTimeout(timer);
      request.off('data', take);
      request.pause();
      resolve();
    };
    const take = (chunk: Buffer): void => {
      taken += chunk.length;
      if (taken > LEFT_OVER.bytes) end();
    };
    const timer = setTimeout(end, LEFT_OVER.ms);
    for (const event of ['end', 'error', 'close']) request.once(event, end);
    request.on('data', take);
    request.resume();
  });
}

async function refuse(request: IncomingMessage, rejection: Rejection): Promise<never> {
  await leftOver(request);
  throw rejection;
}

/** Undefined when there are more; what follows is not read then. */
function bytesOf(request: IncomingMessage, most: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      chunks.push(chunk);
      if (length <= most) return;
      request.off('data', take);
      request.pause();
      resolve(undefined);
    };
    request.on('data', take);
    request.once('end', () => resolve(Buffer.concat(chunks)));
    // Nobody hears it: the connection is gone, or was ended for its slowness.
    const gone = (): void => reject(new Rejection('request.too-slow', { detail: 'The body did not come to its end.' }));
    request.once('error', gone);
    request.once('close', gone);
  });
}

const tooLarge = (limit: number): Rejection =>
  new Rejection('request.too-large', { detail: `A body has at most ${limit} bytes.`, limit });
const unsupported = (detail: string): Rejection => new Rejection('request.unsupported-media-type', { detail });
