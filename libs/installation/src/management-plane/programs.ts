import { join } from 'node:path';

/** The scripts that an installation runs. They are started, never imported. */
export interface Programs {
  readonly managementController: string;
  readonly certService: string;
  readonly routerConfig: string;
  readonly siteSupervisor: string;
  readonly cli: string;
}

/** As `npm run build` leaves them in a checkout. */
export const programsIn = (root: string): Programs => ({
  managementController: join(root, 'apps/management-controller/bundle/main.js'),
  certService: join(root, 'apps/cert-service/bundle/main.js'),
  routerConfig: join(root, 'apps/router-config/bundle/main.js'),
  siteSupervisor: join(root, 'apps/site-controller/bundle/supervisor.js'),
  cli: join(root, 'apps/cli/bundle/main.js'),
});
