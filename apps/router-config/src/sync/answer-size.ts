import { Rejection } from '@caravan/event-store';

/**
 * The answer, if it goes into one message of the server. One that does not would never leave this process, and whoever asked
 * would hear nothing.
 * @throws Rejection `desired-state.too-large`
 */
export function fitting<Answer>(answer: Answer, maxPayload: number): Answer {
  const bytes = Buffer.byteLength(JSON.stringify(answer));
  if (bytes <= maxPayload) return answer;
  const detail = `The answer has ${bytes} bytes and nats-server takes ${maxPayload}: raise its max_payload.`;
  throw new Rejection('desired-state.too-large', { detail, bytes, maxPayload });
}
