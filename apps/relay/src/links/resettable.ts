import type { ServerHttp2Stream } from 'node:http2';
import { readLines } from '../routes/bounded-lines.js';
import { breakOff } from './break-off.js';
import type { Line } from './line.js';

const ID_BYTES = 16;

/** The streams of a line that answers, by id: what the other end may ask to have broken off. */
export class Resettable {
  readonly #streams = new Map<number, ServerHttp2Stream>();

  add(stream: ServerHttp2Stream): void {
    const { id } = stream;
    if (id === undefined) return;
    this.#streams.set(id, stream);
    stream.once('close', () => this.#streams.delete(id));
  }

  /** Does what is asked for in the body of `requests`. Its end is answered when `line` is done here too. */
  serve(requests: ServerHttp2Stream, line: Line): void {
    requests.respond({ ':status': 200 });
    readLines(requests, ID_BYTES, {
      line: (id) => {
        const stream = this.#streams.get(Number(id));
        if (stream) breakOff(stream, 'reset by the other end');
      },
      tooLong: () => requests.destroy(new Error('not a list of streams')),
    });
    requests.once('end', () => {
      const answer = (): void => void requests.end();
      if (line.isDone) return answer();
      line.once('done', answer);
      requests.once('close', () => line.off('done', answer));
    });
  }
}
