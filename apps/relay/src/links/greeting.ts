import type { IncomingHttpHeaders } from 'node:http2';
import type { Line } from './line.js';

/**
 * The first exchange of a line: the end that calls asks `GET /offers`, and the answer goes on for as long as the line is up
 * (routes/offer-exchange.ts). Its headers introduce the ends to each other. Nothing in them grants anything.
 */
export const OFFERS_PATH = '/offers';

const header = {
  protocol: 'caravan-protocol',
  link: 'caravan-link',
  cost: 'caravan-cost',
  site: 'caravan-site',
} as const;

const PROTOCOL = '1';
const TOKEN = /^[A-Za-z0-9_-]{1,64}$/;
const SITE = /^[A-Za-z0-9._-]{1,128}$/;
const COST = /^[1-9][0-9]{0,6}$/;

/** Which lines belong together and what they cost is the dialler's to say; a site's id is told within the backbone only. */
export function greetingOf({ init, token, cost }: Line, selfId: string): Record<string, string> {
  return {
    [header.protocol]: PROTOCOL,
    ...(init.direction === 'dialled' && token !== undefined && { [header.link]: token, [header.cost]: String(cost) }),
    ...(init.reach.kind === 'backbone' && { [header.site]: selfId }),
  };
}

export function takeGreeting(line: Line, headers: IncomingHttpHeaders): void {
  const valid = (name: string, pattern: RegExp): string | undefined => {
    const value = headers[name];
    return typeof value === 'string' && pattern.test(value) ? value : undefined;
  };
  if (line.init.direction === 'accepted') {
    line.token ??= valid(header.link, TOKEN);
    line.cost = Number(valid(header.cost, COST) ?? line.cost);
  }
  if (line.init.reach.kind === 'backbone') line.site = valid(header.site, SITE);
  line.greet();
}
