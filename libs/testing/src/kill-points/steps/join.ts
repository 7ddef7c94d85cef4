import { stepsOf } from './step.js';
import type { Step } from './step.js';

const at = stepsOf('join');
const plane = 'management-controller';
const authority = 'cert-service';
const site = 'site-controller';

/** A site joins with its file. */
export const join: readonly Step[] = [
  at('the site has a key, and no word of it in its journal', 'joining.stepped', site, { about: /key-made/ }, site),
  at('the journal says that there is a key', 'joining.written', site, { about: /key-made/ }),
  at(
    'the relay is told of its claim link',
    'configuration.received',
    'site-relay',
    { about: /claimant/ },
    'site-relay',
  ),
  at(
    'the claim link has arrived, not admitted',
    'link.arrived',
    'backbone-relay',
    { about: /claim/ },
    'backbone-relay',
  ),
  at('the claimant may speak, nats-server does not know', 'callout.decided', plane, { about: /\/claim\// }),
  at('the claim is received', 'request.received', plane, { about: /^caravan\.claim\./ }, plane),
  at('the claim is decided', 'append.decided', plane, { about: /InvitationClaimed/ }),
  at(
    'the claim is on its way to the log',
    'append.decided',
    plane,
    { about: /InvitationClaimed/, onItsWay: true },
    'nats-server',
  ),
  at('the claim is in the log, the member is not', 'append.acked', plane, { about: /InvitationClaimed/ }, plane),
  at('the member is in the log, nobody has an answer', 'append.acked', plane, { about: /MemberAdmitted/ }, 'postgres'),
  at('the claim was reacted to, not acknowledged', 'reaction.done', plane, { about: /InvitationClaimed/ }),
  at('the rows of the member are written, not committed', 'projection.written', plane, {
    after: { point: 'append.decided', about: /MemberAdmitted/, by: plane },
  }),
  at('its certificate is signed, in memory', 'certificate.signed', authority, { about: /member/i }),
  at('its certificate is in the database, not in the log', 'certificate.kept', authority, { about: /member/i }),
  at('its certificate is in the log, who wrote it has not heard', 'append.acked', authority, {
    about: /CertificateIssued/,
  }),
  at('its certificate is issued, the request not acknowledged', 'reaction.done', authority, {
    about: /MemberAdmitted/,
  }),
  at('the claim is granted, the answer not sent', 'request.answering', plane, { about: /^caravan\.claim\./ }, site),
  at('the site has its answer, nothing of it on disk', 'joining.stepped', site, { about: /admitted/ }),
  at('the journal has the answer', 'joining.written', site, { about: /admitted/ }, site),
  at('the certificate is on disk, its links are not', 'joining.installed', site, {}, site),
  at('all of it is on disk, the journal does not say so', 'joining.stepped', site, { about: /joined/ }),
  at('the journal says joined', 'joining.written', site, { about: /joined/ }, 'backbone-relay'),
  at('the member link has arrived, not admitted', 'link.arrived', 'backbone-relay', { about: /member/ }),
  at('the member may speak, nats-server does not know', 'callout.decided', plane, { about: /\/member\// }, plane),
  at('the claim certificate is about to be forgotten', 'certificate.forgetting', site, {}, site),
  at('the site has heard what it shall be, not written it', 'sync.received', site, {}),
  at('it reports for the first time', 'report.sending', site, {}, 'router-config'),
];
