import type { AuthorityRequested, EventOf } from '@caravan/events';

export type AuthorityRequest = EventOf<typeof AuthorityRequested>['data'];

/** Somebody who signs authorities and is not here: it is given the request alone, never a key. */
export interface Issuer {
  /**
   * The certificate for this request, PEM, with what stands between it and the root if there is anything; in any order, the same as
   * often as it is asked. Whether that is fit is for others to say.
   *
   * @param rootEnds when the root ends that it is to stand below
   * @throws Awaiting what it has not signed yet, and who has to do something about it
   */
  answerTo(request: AuthorityRequest, rootEnds: Date): Promise<string>;
}

/** In words, for whoever has to sign it. */
export const certificateOf = ({ kind, ordinal, backboneId, networkId }: AuthorityRequest): string => {
  const owner = networkId ?? backboneId;
  const whose = owner === null ? `the ${kind} authority` : `${kind} ${owner}`;
  return `the certificate of ${whose}${ordinal > 1 ? `, ordinal ${ordinal},` : ''}`;
};
