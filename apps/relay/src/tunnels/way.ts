import type { ClientHttp2Stream, OutgoingHttpHeaders } from 'node:http2';
import type { Line } from '../links/line.js';
import type { Departure } from './departure.js';
import { codeFrom, Refusal } from './refusal.js';
import { tunnelHeaders } from './tunnel-request.js';

/**
 * Asks the other end of a line for a tunnel. Nothing of the connection's data is sent before it has agreed, so that a refusal
 * leaves another way open. Rejects with `Refusal`.
 */
export function openOver(
  line: Line,
  headers: OutgoingHttpHeaders,
  timeoutMs: number,
  caller: Departure,
): Promise<ClientHttp2Stream> {
  return new Promise((resolve, reject) => {
    const stream = requested(line, headers);
    if (stream instanceof Refusal) return reject(stream);
    line.tunnels++;
    let isSettled = false;
    const settle = (refusal?: Refusal): void => {
      isSettled = true;
      clearTimeout(timer);
      stay();
      if (!refusal) return resolve(stream);
      leave();
      reject(refusal);
    };
    // What was refused has been ended over there; all else must be.
    let leave = (): void => line.reset(stream);
    const stay = caller.onLeave(() => settle(new Refusal('tunnel.abandoned', 'the caller has gone')));
    const timer = setTimeout(() => settle(new Refusal('tunnel.timeout', `no answer in ${timeoutMs} ms`)), timeoutMs);
    stream.once('close', () => {
      line.tunnels--;
      if (!isSettled) settle(new Refusal('tunnel.lost', 'the link was lost before it answered'));
    });
    stream.once('response', (response) => {
      if (response[':status'] === 200) return settle();
      const code = codeFrom(response[tunnelHeaders.code]);
      leave = () => void stream.resume().end();
      settle(new Refusal(code, `the next relay answered ${String(response[':status'])}`));
    });
  });
}

function requested(line: Line, headers: OutgoingHttpHeaders): ClientHttp2Stream | Refusal {
  try {
    return line.request(headers, { endStream: false });
  } catch (error) {
    return new Refusal('tunnel.lost', (error as Error).message);
  }
}
