import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Line } from '../links/line.js';
import type { Carrier } from './carrier.js';
import { Departure } from './departure.js';
import { tunnelEnd } from './end.js';
import { Refusal, statusOf } from './refusal.js';
import { readTunnelRequest, tunnelHeaders } from './tunnel-request.js';

/** Answers a stream that a peer opened on a line of ours: carried, or refused with a code and nothing else. */
export async function answerTunnel(
  line: Line,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  carrier: Carrier,
  selfId: string,
): Promise<void> {
  const { itemId, identity, reach } = line.init;
  const from = { kind: 'link', id: itemId, peerIdentity: identity } as const;
  line.tunnels++;
  const departure = new Departure();
  stream.once('close', () => {
    line.tunnels--;
    departure.leave();
  });
  try {
    const asking = { facet: line.facet, reach, selfId, identity };
    const request = readAs(carrier, from, () => readTunnelRequest(asking, headers));
    await carrier.carry({ from, line }, request, departure, tunnelEnd(stream), () =>
      respond(stream, { ':status': 200 }),
    );
  } catch (error) {
    const { code } = Refusal.from(error);
    respond(stream, { ':status': statusOf(code), [tunnelHeaders.code]: code }, { endStream: true });
  }
}

/** Nobody is left to be told when the peer has broken it off meanwhile; Node would throw. */
function respond(stream: ServerHttp2Stream, headers: OutgoingHttpHeaders, options?: { endStream: boolean }): void {
  if (!stream.destroyed && !stream.closed) stream.respond(headers, options);
}

/** A request that is refused before a way was looked for is logged here; the carrier logs the others. */
function readAs<T>(carrier: Carrier, from: object, read: () => T): T {
  try {
    return read();
  } catch (error) {
    carrier.refused(Refusal.from(error), { from });
    throw error;
  }
}
