import { request } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import { RelayProblem } from './relay-problem.js';
import { productionPatience, Silence } from './silence.js';
import type { Patience } from './silence.js';

/** An observation of a large site; more than this is not an answer of ours. */
const ANSWER_BYTES = 64 * 1024 * 1024;

interface Limits {
  readonly patience?: Patience | undefined;
  /** What the relay is known to be at work on, see `Silence`. */
  readonly busyMs?: () => number;
  /** Ends the exchange, also before it has begun; its reason is told as why. */
  readonly signal?: AbortSignal | undefined;
}

interface Question extends Limits {
  readonly method: 'GET' | 'PUT';
  readonly path: string;
  readonly body?: string;
}

/** One question to the relay, its answer as text. Throws RelayProblem, also for every status but 2xx. */
export async function ask(socketPath: string, question: Question): Promise<string> {
  const response = await open(socketPath, question);
  try {
    return await textOf(response);
  } catch (error) {
    throw RelayProblem.unavailable(socketPath, reasonOf(error, question.signal));
  }
}

/** As `ask`, for an answer that goes on: the caller reads the response and destroys it. One that falls silent ends with `Silent`. */
export async function open(socketPath: string, question: Question): Promise<IncomingMessage> {
  const { method, path, body, signal, busyMs, patience = productionPatience } = question;
  const headers =
    body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = request({ socketPath, method, path, headers, agent: false, ...(signal && { signal }) });
    let answer: IncomingMessage | undefined;
    // The request would not tell the answer why it ends.
    const silence = new Silence(patience, (why) => (answer ?? asked).destroy(why), busyMs && { busyMs });
    asked
      .on('socket', (socket) => socket.on('data', () => silence.heard()))
      .on('response', (came: IncomingMessage) => resolve((answer = came)))
      .on('error', (error) => reject(RelayProblem.unavailable(socketPath, reasonOf(error, signal))))
      .on('close', () => silence.end())
      .end(body);
  });
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return response;
  throw RelayProblem.answered(status, await textOf(response).catch(() => ''));
}

/** A raw byte stream to `authority` through the relay. Half-open like the TCP connection it stands for. */
export function tunnel(socketPath: string, authority: string, limits: Limits = {}): Promise<Duplex> {
  const { signal, busyMs, patience = productionPatience } = limits;
  return new Promise((resolve, reject) => {
    let refusing: Duplex | undefined;
    const asked = request({
      method: 'CONNECT',
      path: authority,
      // With an agent, also `false`, this would not be called.
      createConnection: () => connect({ path: socketPath, allowHalfOpen: true }),
    });
    const end = (why: Error): void => void (refusing ?? asked).destroy(why);
    const silence = new Silence(patience, end, busyMs && { busyMs });
    const aborted = (): void => end(signal?.reason as Error);
    const settled = (): void => {
      silence.end();
      signal?.removeEventListener('abort', aborted);
    };
    const failed = (error: Error): void => {
      settled();
      reject(RelayProblem.unavailable(socketPath, error));
    };
    signal?.addEventListener('abort', aborted);
    if (signal?.aborted) aborted();
    asked
      .on('error', failed)
      .on('connect', (response, socket, head) => {
        if (response.statusCode === 200) {
          settled();
          if (head.length > 0) socket.unshift(head);
          return resolve(socket);
        }
        refusing = socket;
        silence.heard();
        // A refusal's body follows the head on the same socket and ends with it.
        socket.on('error', failed);
        socket.unshift(head);
        textOf(socket)
          .then((body) => reject(RelayProblem.answered(response.statusCode ?? 0, body)), failed)
          .finally(() => socket.destroy())
          .finally(settled);
      })
      .end();
  });
}

/** Who ends an exchange knows why; what is thrown then only says that it was ended. */
const reasonOf = (error: unknown, signal: AbortSignal | undefined): Error =>
  (signal?.aborted ? signal.reason : error) as Error;

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > ANSWER_BYTES) throw new Error(`the answer is longer than ${ANSWER_BYTES} bytes`);
  }
  return Buffer.concat(chunks).toString('utf8');
}
