/**
 * The subjects of the site protocol. A site has one subject space, `caravan.site.<siteId>.>`, and an invitee one subject.
 * Permissions are given by exactly these, so identity is the subject and never the payload.
 */
export const claimSubject = (invitationId: string) => `caravan.claim.${invitationId}` as const;
export const siteSubject = (siteId: string, topic: SiteTopic) => `caravan.site.${siteId}.${topic}` as const;

/** What a site may ask (`sync`, `report`, `certificate`, `command`, `enrol`) and hear (`nudge`). */
export const siteTopics = ['sync', 'report', 'certificate', 'command', 'enrol', 'nudge'] as const;
export type SiteTopic = (typeof siteTopics)[number];

/** Who answers what, as subscription patterns. */
export const CLAIM_PATTERN = 'caravan.claim.*';
export const sitePattern = (topic: SiteTopic) => `caravan.site.*.${topic}` as const;

/** Asked inside the management account only: the items of a site, a bundle or an invitation, from the one compiler. */
export const DESIRED_STATE_PATTERN = 'caravan.desired.*.*';
export const desiredStateSubject = (of: 'site' | 'bootstrap' | 'invitation', subjectId: string) =>
  `caravan.desired.${of}.${subjectId}` as const;

/** The id between the second and third dot of a subject that matched a pattern above. */
export const subjectId = (subject: string): string => subject.split('.')[2] ?? '';
