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
  managementController: join(root, 'apps/management-controller/dist/main.js'),
  certService: join(root, 'apps/cert-service/dist/main.js'),
  routerConfig: join(root, 'apps/router-config/dist/main.js'),
  siteSupervisor: join(root, 'apps/site-controller/dist/supervisor.js'),
  cli: join(root, 'apps/cli/dist/main.js'),
});
