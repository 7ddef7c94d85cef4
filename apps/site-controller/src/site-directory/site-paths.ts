import { join, resolve } from 'node:path';

/** The layout of a site's directory. Directories are 0700, files 0600; everything under `state` is sealed. */
export interface SitePaths {
  readonly root: string;
  /** What kind of site this is: the one file of its state that is in the clear, and the last that is written at the start. */
  readonly roleFile: string;
  readonly state: string;
  readonly logs: string;
  /** What a user supplies: `<name>/{tls.crt,tls.key,ca.crt}`. Ours to read. */
  readonly supplied: string;
  /** The authority that the site's listeners are known by where nothing else is supplied, for clients to be given. */
  readonly serviceAuthority: string;
  readonly sealKeyFile: string;
  /** `siteApiFileSchema` of libs/api: where the local API is. */
  readonly apiFile: string;
  readonly tokenFile: string;
  readonly supervisorLock: string;
  readonly controllerLock: string;
}

export function sitePaths(directory: string): SitePaths {
  const root = resolve(directory);
  const at = (name: string): string => join(root, name);
  return {
    root,
    roleFile: at('site.json'),
    state: at('state'),
    logs: at('logs'),
    supplied: at('supplied'),
    serviceAuthority: at('service-ca.crt'),
    sealKeyFile: at('seal.key'),
    apiFile: at('api.json'),
    tokenFile: at('api.token'),
    supervisorLock: at('supervisor.lock'),
    controllerLock: at('controller.lock'),
  };
}
