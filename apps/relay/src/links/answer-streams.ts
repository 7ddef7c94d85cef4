import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { OFFERS_PATH } from './greeting.js';
import type { Line } from './line.js';
import { RESETS_PATH } from './reset-requests.js';
import { Resettable } from './resettable.js';

const OFFERS = `GET ${OFFERS_PATH}`;
const RESETS = `POST ${RESETS_PATH}`;

interface Answers {
  readonly tunnel: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;
  readonly offers: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;
}

/** What a peer may ask on a line that this end answers: a tunnel, its end, or what is offered here; the latter two once at a time. */
export function answerStreams(line: Line, { tunnel, offers }: Answers): void {
  const resettable = new Resettable();
  const asked = new Map<string, ServerHttp2Stream>();
  (line.session as ServerHttp2Session).on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    // A peer may open a stream and break it off in one breath.
    if (stream.destroyed || stream.closed) return;
    const { ':method': method, ':path': path } = headers;
    if (method === 'CONNECT') {
      resettable.add(stream);
      return tunnel(stream, headers);
    }
    const what = `${method} ${path}`;
    if (what !== OFFERS && what !== RESETS) return stream.respond({ ':status': 404 }, { endStream: true });
    if (asked.has(what)) return stream.respond({ ':status': 409 }, { endStream: true });
    asked.set(what, stream);
    stream.once('close', () => asked.delete(what));
    if (what === OFFERS) offers(stream, headers);
    else resettable.serve(stream, line);
  });
}
