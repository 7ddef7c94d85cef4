import { stepsOf } from './step.js';
import type { Step } from './step.js';

const at = stepsOf('invite');
const plane = 'management-controller';
const authority = 'cert-service';

/** An invitation is made, and its certificate downloaded. */
export const invite: readonly Step[] = [
  at('the invitation is asked for', 'api.received', plane, { about: /\/invitations$/ }, plane),
  at('its name is decided', 'append.decided', plane, { about: /InvitationListed/ }),
  at(
    'it is on its way to the log',
    'append.decided',
    plane,
    { about: /InvitationIssued/, onItsWay: true },
    'nats-server',
  ),
  at('its name is in the log, its own stream is not', 'append.acked', plane, { about: /InvitationListed/ }, plane),
  at('it is in the log, nobody has an answer', 'append.acked', plane, { about: /InvitationIssued/ }),
  at('its rows are written, not committed', 'projection.written', plane, {}, plane),
  at('its rows are committed, who writes them does not know', 'projection.committed', plane, {}),
  at(
    'it is made and shows, nobody has an answer',
    'api.answering',
    plane,
    { about: /\/invitations$/ },
    'router-config',
  ),
  at('its credential is asked for, in the log', 'append.acked', plane, { about: /InvitationCredentialRequested/ }),
  at('its certificate is signed, in memory', 'certificate.signed', authority, { about: /claim/i }, authority),
  at(
    'its certificate is in the database, not in the log',
    'certificate.kept',
    authority,
    { about: /claim/i },
    'postgres',
  ),
  at('its certificate is in the log, who wrote it has not heard', 'append.acked', authority, {
    about: /CertificateIssued/,
  }),
  at('its certificate is issued, the request not acknowledged', 'reaction.done', authority, {
    about: /InvitationCredentialRequested/,
  }),
  at('its certificate is in the log, not marked as such', 'certificate.marking', authority, {}, authority),
  at('where to claim is known, not said', 'request.answering', 'router-config', { about: /desired\.invitation/ }),
];
