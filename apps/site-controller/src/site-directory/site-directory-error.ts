export type SiteDirectoryCode =
  | 'site-directory.in-use'
  | 'site-directory.not-ours'
  | 'site-directory.empty'
  | 'site-directory.other-site'
  | 'site-directory.bad-file'
  | 'site-directory.bad-option'
  | 'site-directory.bad-seal-key'
  | 'site-directory.wrong-seal-key'
  | 'site-directory.damaged';

/** The directory of a site cannot be worked with. Nothing was changed in it. Starting again does not help by itself. */
export class SiteDirectoryError extends Error {
  override readonly name = 'SiteDirectoryError';

  constructor(
    readonly code: SiteDirectoryCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
