import { stepsOf } from './step.js';
import type { Step } from './step.js';

const at = stepsOf('conceal');
const plane = 'management-controller';
const site = 'site-controller';
const closed = { point: 'append.decided', about: /ListenerClosed/, by: plane } as const;

/** The listener is deleted, then the connector. */
export const conceal: readonly Step[] = [
  at('the deletion is asked for', 'api.received', plane, { about: /^DELETE .*\/listeners\// }),
  at('the deletion is decided', 'append.decided', plane, { about: /ListenerClosed/ }),
  at('the deletion is in the log, nobody has an answer', 'append.acked', plane, { about: /ListenerClosed/ }, plane),
  at('the row is removed, not committed', 'projection.written', plane, {}, 'postgres'),
  at('the site is to be told', 'nudge.due', 'router-config', {}, 'router-config'),
  at('it is done, nobody has an answer', 'api.answering', plane, { about: /^DELETE .*\/listeners\// }),
  at('the site has heard, not written it', 'sync.received', site, { after: closed }),
  at('it is on disk, the relay has not heard', 'configuration.sending', site, { after: closed }),
  at('the relay has heard, and listens still', 'configuration.received', 'site-relay', { after: closed }, 'site-relay'),
  at('the relay listens no more, the site does not know', 'configuration.applied', 'site-relay', { after: closed }),
  at('the connector is closed, nobody has an answer', 'append.acked', plane, { about: /ConnectorClosed/ }),
];
