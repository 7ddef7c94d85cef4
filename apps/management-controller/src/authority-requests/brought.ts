import { MOST_INTERMEDIATES } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { describeCertificate, misplacementOf, PkiError, readSignedElsewhere } from '@caravan/pki';
import type { AskedFor, CaProfileName, SignedElsewhere } from '@caravan/pki';
import type { AuthorityRequestRow } from './authority-request.projection.js';

const PROFILE_OF: Readonly<Partial<Record<AuthorityRequestRow['kind'], CaProfileName>>> = {
  management: 'managementCa',
  backbone: 'backboneCa',
  network: 'networkCa',
};

type Circumstances = Pick<AskedFor, 'installation' | 'now' | 'root'>;
type Request = Pick<AuthorityRequestRow, 'kind' | 'publicKeyFingerprint' | 'until'>;

export interface Brought {
  readonly certificate: string;
  readonly intermediates: readonly string[];
  readonly fingerprint: string;
}

/**
 * What was signed for a request, held against everything that cert-service will ask of it: whoever brings it hears at once.
 *
 * @throws Rejection `authority-certificate.malformed`, `authority-certificate.unfit` with all that is wrong
 */
export function readBrought(pem: string, { kind, publicKeyFingerprint, until }: Request, of: Circumstances): Brought {
  const asked: AskedFor = {
    ...of,
    profile: PROFILE_OF[kind]!,
    publicKeyFingerprint,
    until: until === null ? undefined : new Date(until),
  };
  const signed = read(pem, asked);
  const wrong = misplacementOf(signed, asked).map(({ says }) => says);
  if (signed.intermediates.length > MOST_INTERMEDIATES) {
    wrong.push(`more than ${MOST_INTERMEDIATES} authorities stand between it and the root`);
  }
  if (wrong.length > 0) throw new Rejection('authority-certificate.unfit', { detail: `${wrong.join('; ')}.`, wrong });
  const { certificatePem: certificate, intermediates } = signed;
  return { certificate, intermediates, fingerprint: describeCertificate(certificate).fingerprint };
}

function read(pem: string, asked: AskedFor): SignedElsewhere {
  try {
    return readSignedElsewhere(pem, asked);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    const code = error.code === 'credential.incomplete' ? 'unfit' : 'malformed';
    throw new Rejection(`authority-certificate.${code}`, { detail: error.message });
  }
}
