export { byKey, changesSince } from './changes-since.js';
export { KEPT_TOMBSTONES, SiteRevisions } from './site-revisions.js';
