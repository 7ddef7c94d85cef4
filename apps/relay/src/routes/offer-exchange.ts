import type { ServerHttp2Stream } from 'node:http2';
import { breakOff } from '../links/break-off.js';
import { greetingOf, OFFERS_PATH, takeGreeting } from '../links/greeting.js';
import type { Line } from '../links/line.js';
import { limits } from '../limits.js';
import { readLines } from './bounded-lines.js';
import type { OffersLine } from './offer.js';
import { offersLineSchema } from './offer.js';
import { OfferWriter } from './offer-writer.js';
import type { Routes } from './routes.js';

/**
 * At a line that calls: greets, then hears what the other end offers for as long as the line is up. Offers and the tunnels
 * that use them share a session, so that they end together. The end that wants to close the line ends the exchange (links/line.ts).
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
    breakOff(stream, 'the line drains');
  };
  line.once('draining', over);
  line.once('closed', over);
  stream.once('response', (response) => {
    if (response[':status'] !== 200) return line.drop(`its greeting was refused with ${String(response[':status'])}`);
    takeGreeting(line, response);
    if (line.facet.hears === 'nothing') line.knowOffers();
  });
  // What is carried goes on, nothing new starts.
  stream.once('close', () => {
    if (line.status === 'up') line.drain();
  });
  if (line.facet.hears === 'nothing') return void stream.resume();
  readLines(stream, limits.offerLineBytes, {
    tooLong: () => line.drop('a line of its offers is too long'),
    line: (text) => {
      if (line.status !== 'up') return;
      const parsed = offersLineSchema.safeParse(jsonOf(text));
      if (!parsed.success) return line.drop('its offers cannot be read');
      routes.hear(line, parsed.data);
      if (isEndOfFirst(parsed.data)) line.knowOffers();
    },
  });
}

/** At a line that answers: greets back, and tells what this site offers. The other end's greeting has been taken. */
export function tellOffers(line: Line, stream: ServerHttp2Stream, routes: Routes, selfId: string): void {
  stream.respond({ ':status': 200, ...greetingOf(line, selfId) });
  line.once('draining', () => stream.end());
  stream.once('close', () => {
    if (line.status === 'up') line.drain();
  });
  if (line.facet.offers === 'nothing') return line.knowOffers();
  const writer = new OfferWriter(stream, (key) => routes.offerTo(line, key));
  // Another connection's end could overtake what was told here: what the other end has acknowledged is told.
  writer.tellAll(routes.keys(), () => line.afterRoundTrip(() => line.knowOffers()));
  const stop = routes.watch((keys) => writer.tell(keys));
  stream.once('close', stop);
  line.once('draining', stop);
}

const isEndOfFirst = ({ set, gone }: OffersLine): boolean => set.length + gone.length === 0;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
