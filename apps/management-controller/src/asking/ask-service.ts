import { setTimeout as pause } from 'node:timers/promises';
import { NoRespondersError, RequestError } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import { protocolErrorSchema } from '@caravan/events';
import { Rejection } from '@caravan/event-store';

const ASK_AGAIN_MS = 200;

interface Question {
  /** For messages: `router-config`. */
  readonly service: string;
  readonly subject: string;
  readonly request: unknown;
  readonly patienceMs: number;
}

/**
 * Asks another service of the management plane. Nobody there is mostly a restart that is under way: it asks on until its patience
 * is over.
 * @throws Rejection what the service refuses with; `service.unavailable` when it does not answer.
 */
export async function askService(nats: NatsConnection, { service, subject, request, patienceMs }: Question) {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const left = Math.max(1, deadline - performance.now());
    try {
      return answered((await nats.request(subject, JSON.stringify(request), { timeout: left })).json());
    } catch (cause) {
      if (cause instanceof Rejection) throw cause;
      if (isNoResponders(cause) && performance.now() < deadline) {
        await pause(ASK_AGAIN_MS);
        continue;
      }
      const why = (cause as Error).message;
      const detail = `${service} does not answer (${why}); is it running? Ask again in a moment.`;
      throw new Rejection('service.unavailable', { detail });
    }
  }
}

function answered(answer: unknown): unknown {
  const refused = protocolErrorSchema.safeParse(answer);
  if (!refused.success) return answer;
  const { code, detail } = refused.data.error;
  throw new Rejection(code, { detail });
}

const isNoResponders = (error: unknown): boolean =>
  error instanceof RequestError ? error.isNoResponders() : error instanceof NoRespondersError;
