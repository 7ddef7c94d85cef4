import { stepsOf } from './step.js';
import type { Step } from './step.js';

const at = stepsOf('rotate');
const plane = 'management-controller';
const authority = 'cert-service';
const site = 'site-controller';
const begun = { point: 'append.decided', about: /RotationBegun/, by: plane } as const;
/** The first time: everybody trusts the new authorities. What follows is for the members. */
const trusted = { point: 'append.decided', about: /RotationAdvanced/, by: plane } as const;
const signed = { point: 'append.decided', about: /CertificateIssued/, by: authority } as const;

/** The authorities of the network are replaced, and the certificates of its members. */
export const rotate: readonly Step[] = [
  at('it is asked for', 'api.received', plane, { about: /^POST .*\/rotations/ }),
  at('it is in the log, nobody has an answer', 'append.acked', plane, { about: /RotationBegun/ }, plane),
  at(
    'the new authorities are made, that is not acknowledged',
    'reaction.done',
    authority,
    { about: /RotationBegun/ },
    authority,
  ),
  at('the backbone has heard of both, and trusts the old', 'configuration.received', 'backbone-relay', {
    after: begun,
  }),
  at(
    'the backbone trusts both, nobody knows',
    'configuration.applied',
    'backbone-relay',
    { after: begun },
    'backbone-relay',
  ),
  at(
    'everybody trusts both, the log does not say so',
    'append.decided',
    plane,
    { about: /RotationAdvanced/ },
    'nats-server',
  ),
  at('members are to be told', 'nudge.due', 'router-config', { after: trusted }, 'router-config'),
  at('the member has heard, and made no key', 'sync.received', site, { after: trusted }, site),
  at(
    'its next certificate is signed, in memory',
    'certificate.signed',
    authority,
    { about: /member/, after: trusted },
    'postgres',
  ),
  at('its next certificate is in the log, the request is not answered', 'request.answering', plane, {
    about: /\.certificate$/,
    after: trusted,
  }),
  at('its relay is told of what it holds', 'configuration.received', 'site-relay', { after: signed }, 'site-relay'),
  at('the new one admits alone, nobody knows', 'configuration.applied', 'backbone-relay', {
    after: { point: 'append.decided', about: /MemberCertificateRequested/, by: plane },
  }),
  at('it is over, who saw that does not know', 'append.acked', plane, { about: /RotationFinished/ }, plane),
];
