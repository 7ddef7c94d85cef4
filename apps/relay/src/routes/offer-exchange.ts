import type { ServerHttp2Stream } from 'node:http2';
import { createInterface } from 'node:readline';
import { Transform } from 'node:stream';
import { greetingOf, OFFERS_PATH, takeGreeting } from '../links/greeting.js';
import type { Line } from '../links/line.js';
import { limits } from '../limits.js';
import { offersLineSchema } from './offer.js';
import { OfferWriter } from './offer-writer.js';
import type { Routes } from './routes.js';

/**
 * At a line that calls: greets, then hears what the other end offers for as long as the line is up. Offers and the tunnels
 * that use them share a session, so that they end together.
 */
export function listenToOffers(line: Line, routes: Routes, selfId: string): void {
  const headers = { ':method': 'GET', ':path': OFFERS_PATH, ...greetingOf(line, selfId) };
  let stream: ReturnType<Line['request']>;
  try {
    stream = line.request(headers, { endStream: true });
  } catch (error) {
    return line.drop((error as Error).message);
  }
  const over = (): void => {
    routes.forget(line);
    stream.destroy();
  };
  line.once('draining', over);
  line.once('closed', over);
  stream.once('response', (response) => {
    if (response[':status'] !== 200) return line.drop(`its greeting was refused with ${String(response[':status'])}`);
    takeGreeting(line, response);
  });
  if (line.facet.hears === 'nothing') return void stream.resume();
  const bounded = stream.pipe(boundedLines(limits.offerLineBytes));
  bounded.on('error', ({ message }) => line.drop(message));
  createInterface({ input: bounded, crlfDelay: Infinity }).on('line', (text) => {
    if (line.status !== 'up') return;
    const parsed = offersLineSchema.safeParse(jsonOf(text));
    if (parsed.success) routes.hear(line, parsed.data);
    else line.drop('its offers cannot be read');
  });
  // Its end may overtake the GOAWAY that it announces: what is carried goes on, nothing new starts.
  stream.once('close', () => {
    if (line.status === 'up') line.drain();
  });
}

/** At a line that answers: greets back, and tells what this site offers. */
export function tellOffers(line: Line, stream: ServerHttp2Stream, routes: Routes, selfId: string): void {
  stream.respond({ ':status': 200, ...greetingOf(line, selfId) });
  line.once('draining', () => stream.end());
  if (line.facet.offers === 'nothing') return;
  const writer = new OfferWriter(stream, (key) => routes.offerTo(line, key));
  writer.tell(routes.keys());
  const stop = routes.watch((keys) => writer.tell(keys));
  stream.once('close', stop);
  line.once('draining', stop);
}

/** A line without end must not gather in memory. */
function boundedLines(most: number): Transform {
  let length = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const newline = chunk.lastIndexOf(0x0a);
      length = newline === -1 ? length + chunk.length : chunk.length - newline - 1;
      done(length > most ? new Error('a line of its offers is too long') : null, chunk);
    },
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
