export { openSiteDirectory } from './site-directory.js';
export type { Role, SiteDirectory } from './site-directory.js';
export { SiteDirectoryError } from './site-directory-error.js';
export { SealedFiles } from './sealed-files.js';
export { lock } from './lock.js';
export { replaceFile, privateDirectory } from './atomic-file.js';
export { sitePaths } from './site-paths.js';
export type { SitePaths } from './site-paths.js';
export type { SealKeySource } from './seal-key.js';
