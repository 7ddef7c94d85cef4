import { stepsOf } from './step.js';
import type { Step } from './step.js';

const at = stepsOf('rotateBackbone');
const plane = 'management-controller';
const authority = 'cert-service';
const site = 'backbone-controller';
const relay = 'backbone-relay';
const begun = { point: 'append.decided', about: /RotationBegun/, by: plane } as const;
/** The access points are served first, then the site itself. */
const doors = { point: 'append.decided', about: /AccessPointCertificateRequested/, by: plane } as const;
const itself = { point: 'append.decided', about: /BackboneSiteCertificateRequested/, by: plane } as const;

/** The authorities of the backbone are replaced, and the certificates of its access points and sites. */
export const rotateBackbone: readonly Step[] = [
  at('the new authorities are made, that is not acknowledged', 'reaction.done', authority, { about: /RotationBegun/ }),
  at('the backbone site has heard of both, its relay has not', 'configuration.sending', site, { after: begun }, site),
  at('the relay trusts both, nobody knows', 'configuration.applied', relay, { after: begun }),
  at('everybody trusts both, the log does not say so', 'append.decided', plane, { about: /RotationAdvanced/ }),
  at('an access point needs another certificate, nobody is told', 'nudge.due', 'router-config', {
    after: { point: 'append.decided', about: /RotationAdvanced/, by: plane },
  }),
  at('a certificate of an access point is signed, in memory', 'certificate.signed', authority, { after: doors }),
  at('its next certificate is in the log, the request is not answered', 'request.answering', plane, {
    about: /\.certificate$/,
    after: doors,
  }),
  at('the relay is told of it, and shows the old', 'configuration.received', relay, { after: doors }, relay),
  at('the relay shows it, nobody knows', 'configuration.applied', relay, { after: doors }),
  at(
    'the next certificate of the site is signed, in memory',
    'certificate.signed',
    authority,
    { after: itself },
    authority,
  ),
  at('the site holds it, its relay dials with the old', 'configuration.sending', site, { after: itself }),
  at('the old admits nobody, nobody knows', 'configuration.applied', relay, { after: itself }),
  at('it is over, who saw that does not know', 'append.acked', plane, { about: /RotationFinished/ }),
];
