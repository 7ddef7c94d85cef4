import { stepsOf } from './step.js';
import type { Step } from './step.js';

const at = stepsOf('expose');
const plane = 'management-controller';
const site = 'site-controller';
const opened = { point: 'append.decided', about: /ListenerOpened/, by: plane } as const;

/** A connector at one member, a listener at the other, and a request that crosses the network. */
export const expose: readonly Step[] = [
  at('the connector is asked for', 'api.received', plane, { about: /\/connectors$/ }),
  at('the connector is decided', 'append.decided', plane, { about: /ConnectorOpened/ }),
  at('the connector is in the log, nobody has an answer', 'append.acked', plane, { about: /ConnectorOpened/ }),
  at('its row is written, not committed', 'projection.written', plane, {}),
  at('its row is committed, who wrote it does not know', 'projection.committed', plane, {}, 'postgres'),
  at('it is made and shows, nobody has an answer', 'api.answering', plane, { about: /\/connectors$/ }),
  at('the server is to be told', 'nudge.due', 'router-config', {}, 'router-config'),
  at('the server asks what it shall be', 'request.received', 'router-config', { about: /\.sync$/ }),
  at(
    'what the server shall be is known, not said',
    'request.answering',
    'router-config',
    { about: /\.sync$/ },
    'router-config',
  ),
  at('the participant asks for a listener', 'command.sending', site, {}, site),
  at('the wish for a listener is received', 'request.received', plane, { about: /\.command$/ }),
  at('the listener is decided', 'append.decided', plane, { about: /ListenerOpened/ }),
  at('the listener is on its way to the log', 'append.decided', plane, { about: /ListenerOpened/, onItsWay: true }),
  at(
    'the listener is in the log, nobody has an answer',
    'append.acked',
    plane,
    { about: /ListenerOpened/ },
    'nats-server',
  ),
  at(
    'the listener is granted, the answer not sent',
    'request.answering',
    plane,
    { about: /\.command$/ },
    'backbone-relay',
  ),
  at('the site knows, the participant does not', 'command.answered', site, {}, site),
  at('the site has heard of the listener, not written it', 'sync.received', site, { after: opened }, site),
  at(
    'the listener is on disk, the relay has not heard',
    'configuration.sending',
    site,
    { after: opened },
    'site-relay',
  ),
  at('the relay has heard of the listener, and has none', 'configuration.received', 'site-relay', { after: opened }),
  at(
    'the relay listens, the site does not know',
    'configuration.applied',
    'site-relay',
    { after: opened },
    'site-relay',
  ),
  at('the relay listens, the site has not noted it', 'configuration.taken', site, { after: opened }, site),
  at('the site reports the listener', 'report.sending', site, { after: opened }),
  at('the report is received', 'request.received', plane, { about: /\.report$/, after: opened }, 'postgres'),
];
