import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Log } from '../logging/index.js';
import { protocolErrorOf, writeMessage } from '../site-protocol/wire.js';

export interface Questions {
  readonly nats: NatsConnection;
  readonly subject: string;
  /** Replicas share the questions through this group; absent: each answers each. */
  readonly queue?: string;
  readonly log: Log;
  readonly answer: (message: Msg) => unknown;
}

/**
 * Answers what another service of the management plane asks, refusals included. Only into an inbox: a reply subject is chosen by
 * who asks, and this connection may write to the log.
 */
export function answerQuestions({ nats, subject, queue, log, answer }: Questions): Subscription {
  const reply = async (message: Msg): Promise<void> => {
    if (!message.reply?.startsWith('_INBOX')) return;
    try {
      message.respond(writeMessage(await answer(message)));
    } catch (error) {
      log.warn({ subject, err: error }, 'a question of another service is refused');
      message.respond(writeMessage(protocolErrorOf(error)));
    }
  };
  return nats.subscribe(subject, {
    ...(queue !== undefined && { queue }),
    callback: (error, message) => {
      if (error) log.error({ subject, err: error }, 'questions of other services do not arrive');
      else
        void reply(message).catch((failure: unknown) => log.warn({ subject, err: failure }, 'an answer was not sent'));
    },
  });
}
