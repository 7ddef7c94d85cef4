import { z } from 'zod';
import { route } from '../route.js';
import { nameSchema } from '../v1/vocabulary.js';

const named = z.strictObject({ id: z.string(), name: nameSchema });

export const siteRoles = ['member', 'backbone', 'management'] as const;
export type SiteRole = (typeof siteRoles)[number];

/**
 * How far a site has come. `invited`: the file was taken; `key-made`: it asks to join with a key of its own; `pending`: it
 * was accepted and waits for its certificate; `admitted`: it has it and installs it; `joined`; `refused`: for ever.
 */
export const joinSteps = ['invited', 'key-made', 'pending', 'admitted', 'joined', 'refused'] as const;
export type JoinStep = (typeof joinSteps)[number];

/** What went wrong last and what to do about it, in words. Gone once it works again. */
export const troubleSchema = z.strictObject({ code: z.string(), detail: z.string(), since: z.string() });
export type Trouble = z.infer<typeof troubleSchema>;

export const localStateSchema = z.strictObject({
  version: z.string(),
  role: z.enum(siteRoles),
  step: z.enum(joinSteps),
  installation: z.string(),
  /** Of the invitation that it came with, or of the site that its file was for. */
  sourceId: z.string(),
  /** Null until the site was admitted. */
  siteId: z.string().nullable(),
  name: z.string().nullable(),
  /** Of a member site. */
  network: named.nullable(),
  /** Of a backbone site. */
  backbone: named.nullable(),
  /** Whether the management plane is reached at this moment; the site works on without it. */
  connected: z.boolean(),
  /** Whether the relay answers at this moment. */
  relayConnected: z.boolean(),
  /** Log position of the desired state that is kept, and of the one that the relay was given. */
  revision: z.int(),
  appliedRevision: z.int(),
  troubles: z.array(troubleSchema),
});
export type LocalState = z.infer<typeof localStateSchema>;

/** The troubles by which a site that joined says that nobody lets it in until somebody sees to it, and what each is in words. */
export const SHUT_OUT: Readonly<Record<string, string>> = {
  'site.removed': 'removed from its network',
  'site.left-behind': 'others came into use while it was away',
  'network.ended': 'its network has ended',
  'certificate.expired': 'its certificate is over',
};

export const leaveNetwork = route({
  name: 'leaveNetwork',
  method: 'POST',
  path: '/leave',
  summary: 'Leave the network, for good: with everything that this site had in it',
  reply: z.strictObject({ network: named }),
  codes: ['site.not-a-member', 'site.not-joined', 'network.ended', 'management.away', 'management.busy'],
});
export const getLocalState = route({
  name: 'getLocalState',
  method: 'GET',
  path: '/state',
  summary: 'Read what this site is and how it is',
  reply: localStateSchema,
});
