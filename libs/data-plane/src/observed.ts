import { z } from 'zod';

/**
 * What a data plane says about each item it was given. `applied`: it is as asked. `waiting`: nothing is wrong yet something
 * is missing (a certificate, a link still dialling). `failed`: it was tried and `detail` says what, where and the remedy.
 * An admission with a window is `applied` in each phase, and its `detail` begins with that: `not started`, `open` or `ended`.
 */
export const itemStateSchema = z.strictObject({
  state: z.enum(['applied', 'waiting', 'refused', 'failed']),
  detail: z.string().max(1024).optional(),
  /**
   * Links that are down: `ours`: this end does not trust the certificate of the other; `theirs`: the other end cut the connection where it judges
   * ours. For the site itself: it goes to nobody else.
   */
  distrust: z.enum(['ours', 'theirs']).optional(),
  /** Access points: the port that was really bound. */
  port: z.int().min(1).max(65535).optional(),
});
export type ItemState = z.infer<typeof itemStateSchema>;

/** What identifies the certificates that the other end presented, leaf first. Names are for people, never compared. */
export const peerChainSchema = z.array(
  z.strictObject({ subject: z.string(), issuer: z.string(), serial: z.string(), notAfter: z.string() }),
);
export type PeerChain = z.infer<typeof peerChainSchema>;

/** A live link as one end sees it. */
export const observedLinkSchema = z.strictObject({
  /** The id of the link item (dialled) or of the access point (accepted). */
  id: z.string().max(128),
  direction: z.enum(['dialled', 'accepted']),
  access: z.enum(['claim', 'member', 'peer', 'manage']),
  /** The other end's identity from its verified certificate; null at the dialling end of an access point, which proves a host. */
  peerIdentity: z.string().max(512).nullable(),
  peerChain: peerChainSchema,
  since: z.string(),
  streams: z.int().min(0),
  bytesIn: z.int().min(0),
  bytesOut: z.int().min(0),
});
export type ObservedLink = z.infer<typeof observedLinkSchema>;

export const observationSchema = z.strictObject({
  items: z.record(z.string(), itemStateSchema),
  links: z.array(observedLinkSchema),
});
export type Observation = z.infer<typeof observationSchema>;
