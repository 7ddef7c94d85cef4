import { MAX_SITE_MESSAGE_BYTES, protocolErrorSchema } from '@caravan/events';
import type { z } from 'zod';
import { ManagementRefusal, UnknownAnswer } from './refusals.js';

/** Something that carries one request and its answer: a `ControlLink`, or a connection that is used once. */
export interface Requester {
  /** Rejects with `ManagementAway`. */
  request(subject: string, message: Uint8Array): Promise<Uint8Array>;
}

/**
 * One question of the site protocol.
 *
 * @throws ManagementAway, ManagementRefusal, UnknownAnswer
 */
export async function ask<Reply extends z.ZodType>(
  control: Requester,
  subject: string,
  question: object,
  reply: Reply,
): Promise<z.output<Reply>> {
  const message = Buffer.from(JSON.stringify(question));
  if (message.length > MAX_SITE_MESSAGE_BYTES) throw new Error(`a message to ${subject} has ${message.length} bytes`);
  const answer = Buffer.from(await control.request(subject, message)).toString('utf8');
  const parsed = json(answer);
  const refusal = protocolErrorSchema.safeParse(parsed);
  if (refusal.success) throw new ManagementRefusal(refusal.data.error);
  const result = reply.safeParse(parsed);
  if (result.success) return result.data;
  const { path = [], message: reason = '' } = result.error.issues[0] ?? {};
  throw new UnknownAnswer(
    `the answer on ${subject} is not understood (${path.map(String).join('.') || 'it'}: ${reason}); is this site too old?`,
  );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
