import { request } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import { RelayProblem } from './relay-problem.js';

/** An observation of a large site; more than this is not an answer of ours. */
const ANSWER_BYTES = 64 * 1024 * 1024;

interface Question {
  readonly method: 'GET' | 'PUT';
  readonly path: string;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** One question to the relay, its answer as text. Throws RelayProblem, also for every status but 2xx. */
export async function ask(socketPath: string, question: Question): Promise<string> {
  const response = await open(socketPath, question);
  try {
    return await textOf(response);
  } catch (error) {
    throw RelayProblem.unavailable(socketPath, error as Error);
  }
}

/** As `ask`, for an answer that goes on: the caller reads the response and destroys it. */
export async function open(socketPath: string, { method, path, body, signal }: Question): Promise<IncomingMessage> {
  const headers =
    body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const failed = (error: Error): void => reject(RelayProblem.unavailable(socketPath, error));
    request({ socketPath, method, path, headers, agent: false, ...(signal && { signal }) }, resolve)
      .on('error', failed)
      .end(body);
  });
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return response;
  throw RelayProblem.answered(status, await textOf(response).catch(() => ''));
}

/** A raw byte stream to `authority` through the relay. Half-open like the TCP connection it stands for. */
export function tunnel(socketPath: string, authority: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(RelayProblem.unavailable(socketPath, error));
    request({
      method: 'CONNECT',
      path: authority,
      // With an agent, also `false`, this would not be called.
      createConnection: () => connect({ path: socketPath, allowHalfOpen: true }),
    })
      .on('error', failed)
      .on('connect', (response, socket, head) => {
        if (response.statusCode === 200) {
          if (head.length > 0) socket.unshift(head);
          return resolve(socket);
        }
        // A refusal's body follows the head on the same socket and ends with it.
        socket.on('error', failed);
        socket.unshift(head);
        textOf(socket)
          .then((body) => reject(RelayProblem.answered(response.statusCode ?? 0, body)), failed)
          .finally(() => socket.destroy());
      })
      .end();
  });
}

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
