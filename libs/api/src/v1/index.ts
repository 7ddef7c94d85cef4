import * as accessPoints from './access-points.js';
import * as authorityRequests from './authority-requests.js';
import * as backboneSites from './backbone-sites.js';
import * as backbones from './backbones.js';
import * as claims from './claims.js';
import * as closingStatement from './closing-statement.js';
import * as endpoints from './endpoints.js';
import * as installation from './installation.js';
import * as invitations from './invitations.js';
import * as joinTokens from './join-tokens.js';
import * as links from './links.js';
import * as members from './members.js';
import * as networks from './networks.js';
import * as operations from './operations.js';
import * as plans from './plans.js';
import * as revocations from './revocations.js';
import * as rotations from './rotations.js';
import * as trust from './trust.js';
import type { Route } from '../route.js';

export * from './access-points.js';
export * from './authority-requests.js';
export * from './backbone-sites.js';
export * from './backbones.js';
export * from './claims.js';
export * from './closing-statement.js';
export * from './endpoints.js';
export * from './installation.js';
export * from './invitations.js';
export * from './join-tokens.js';
export * from './links.js';
export * from './members.js';
export * from './networks.js';
export * from './operations.js';
export * from './plans.js';
export * from './revocations.js';
export * from './rotations.js';
export * from './site-details.js';
export * from './trust.js';
export * from './vocabulary.js';

export const API_BASE_PATH = '/api/v1';

const isRoute = (value: unknown): value is Route =>
  typeof value === 'object' && value !== null && 'method' in value && 'path' in value;

/** Every route of the management API. */
export const apiRoutes: readonly Route[] = [
  accessPoints,
  authorityRequests,
  backboneSites,
  backbones,
  claims,
  closingStatement,
  endpoints,
  installation,
  invitations,
  joinTokens,
  links,
  members,
  networks,
  operations,
  plans,
  revocations,
  rotations,
  trust,
].flatMap((room) => Object.values(room as Record<string, unknown>).filter(isRoute));
