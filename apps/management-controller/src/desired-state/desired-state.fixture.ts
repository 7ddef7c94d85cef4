import type { NatsConnection } from '@nats-io/transport-node';
import { DesiredState } from './desired-state.js';

/** A NATS connection at whose other end router-config gives this answer, or fails like this, and what it was asked. */
export function answering(answer: unknown) {
  const asked: { subject: string; request: unknown }[] = [];
  const request = async (subject: string, payload: string) => {
    asked.push({ subject, request: JSON.parse(payload) });
    if (answer instanceof Error) throw answer;
    return { json: () => answer };
  };
  return { asked, desiredState: new DesiredState({ request } as unknown as NatsConnection) };
}
