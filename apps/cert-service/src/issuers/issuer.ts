import type { AuthorityRequested, EventOf } from '@caravan/events';

export type AuthorityRequest = EventOf<typeof AuthorityRequested>['data'];

export interface IssuerTerms {
  /** When the root ends that the authority is to stand below. */
  readonly rootEnds: Date;
  /** What is wrong with an answer, in words; undefined: it is fit. */
  readonly wrongWith: (pem: string) => string | undefined;
}

/** Somebody who signs authorities and is not here: it is given the request alone, never a key. */
export interface Issuer {
  /**
   * The certificate for this request, PEM, with what stands between it and the root if there is anything; in any order, the same as
   * often as it is asked. Whether that is fit is for others to say, and for the issuer to ask again if it can.
   *
   * @throws Awaiting what it has not signed yet, and who has to do something about it
   */
  answerTo(request: AuthorityRequest, terms: IssuerTerms): Promise<string>;
}

/** In words, for whoever has to sign it. */
export const certificateOf = ({ kind, ordinal, backboneId, networkId }: AuthorityRequest): string => {
  const owner = networkId ?? backboneId;
  const whose = owner === null ? `the ${kind} authority` : `${kind} ${owner}`;
  return `the certificate of ${whose}${ordinal > 1 ? `, ordinal ${ordinal},` : ''}`;
};
