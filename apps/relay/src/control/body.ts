import type { IncomingMessage } from 'node:http';
import { ControlProblem } from './problem.js';

/** A JSON body, bounded before it is parsed. Throws `ControlProblem`. */
export async function jsonBody(request: IncomingMessage, most: number): Promise<unknown> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > most) throw new ControlProblem('control.body-too-large', `${announced} bytes; ${most} at most`);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > most) break;
      chunks.push(chunk);
    }
  } catch {
    throw new ControlProblem('control.body-incomplete');
  }
  if (length > most) throw new ControlProblem('control.body-too-large', `${most} bytes at most`);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    // The parser's own message quotes the input, which holds keys.
    throw new ControlProblem('control.not-json');
  }
}
