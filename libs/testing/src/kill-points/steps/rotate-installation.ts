import { stepsOf } from './step.js';
import type { Step } from './step.js';

const at = stepsOf('rotateInstallation');
const plane = 'management-controller';
const authority = 'cert-service';
const begun = { point: 'append.decided', about: /RotationBegun/, by: plane } as const;
/** The first time: everybody trusts both roots. */
const trusted = { point: 'append.decided', about: /RotationAdvanced/, by: plane } as const;

/** The root is replaced, and everything below it: NATS and the services, the backbone, the network. */
export const rotateInstallation: readonly Step[] = [
  at('it is in the log, nobody has an answer', 'append.acked', plane, { about: /RotationBegun/ }),
  at('the new root is made, that is not acknowledged', 'reaction.done', authority, { about: /RotationBegun/ }),
  at('a member has heard of both roots, and keeps one', 'sync.received', 'site-controller', { after: begun }),
  at(
    'everybody trusts both roots, the log does not say so',
    'append.decided',
    plane,
    { about: /RotationAdvanced/ },
    'nats-server',
  ),
  at('what stands below is to be rotated, the log does not say so', 'append.decided', plane, {
    about: /RotationBegun/,
    after: trusted,
  }),
  at('that is in the log, who saw the need does not know', 'append.acked', plane, {
    about: /RotationBegun/,
    after: trusted,
  }),
  at('the backbone site has heard of it, its relay has not', 'configuration.sending', 'backbone-controller', {
    after: trusted,
  }),
  at('the backbone stands below the new root, who saw that does not know', 'append.acked', plane, {
    about: /RotationFinished/,
  }),
  at('the member holds its next certificate, its relay does not', 'configuration.received', 'site-relay', {
    after: { point: 'append.decided', about: /MemberCertificateRequested/, by: plane },
  }),
];
