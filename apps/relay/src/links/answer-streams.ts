import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { OFFERS_PATH } from './greeting.js';
import type { Line } from './line.js';
import { Resettable, RESETS_PATH } from './reset-requests.js';

interface Answers {
  readonly tunnel: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;
  readonly offers: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;
}

/** What a peer may ask on a line that this end answers: a tunnel, its end, or what is offered here. */
export function answerStreams(line: Line, { tunnel, offers }: Answers): void {
  const resettable = new Resettable();
  (line.session as ServerHttp2Session).on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    const { ':method': method, ':path': path } = headers;
    if (method === 'CONNECT') {
      resettable.add(stream);
      tunnel(stream, headers);
    } else if (method === 'GET' && path === OFFERS_PATH) offers(stream, headers);
    else if (method === 'POST' && path === RESETS_PATH) resettable.serve(stream);
    else stream.respond({ ':status': 404 }, { endStream: true });
  });
}
