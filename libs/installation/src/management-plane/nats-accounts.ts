import {
  CLAIM_PATTERN,
  DESIRED_STATE_PATTERN,
  healthSubject,
  INSTALLATION_TRUST_SUBJECT,
  quarantineSubject,
  REVOCATION_LIST_PATTERN,
  sitePattern,
} from '@caravan/events';
import { LOG_STREAM, logPermissions } from '@caravan/event-store/jetstream';
import type { NatsConfig, NatsExport, NatsImport, NatsUser } from '../nats-server/index.js';

/** Public nkeys of those who sign in with one. */
export interface NatsIdentities {
  readonly managementController: string;
  readonly certService: string;
  readonly routerConfig: string;
  /** The connections on which management-controller and router-config answer sites. */
  readonly managementControllerSites: string;
  readonly routerConfigSites: string;
  /** The connection that answers the auth callout. */
  readonly callout: string;
  /** Sees and disconnects clients. */
  readonly system: string;
  /** The account key that signs the callout's answers. */
  readonly issuer: string;
}

/** Durable names of the reactions of each service, `<service>-<reaction>`; they are part of its permissions. */
export const REACTIONS = {
  managementController: ['management-controller-opening', 'management-controller-revoking'],
  certService: ['cert-service-authorities', 'cert-service-installation', 'cert-service-issuing'],
} as const;

/** What sites may ask, each a service of the management account: no client of `SITES` reaches any other subject of it. */
const SERVICES = [CLAIM_PATTERN, ...(['sync', 'report', 'certificate', 'command', 'enrol'] as const).map(sitePattern)];
const SYNC = sitePattern('sync');
const ANSWERED_BY_MANAGEMENT_CONTROLLER = SERVICES.filter((subject) => subject !== SYNC);
const NUDGE = sitePattern('nudge');

/** Who may publish and hear what: by service, by exactly the contexts it decides. */
export function natsAccounts(
  identities: NatsIdentities,
): Pick<NatsConfig, 'management' | 'sites' | 'auth' | 'system' | 'callout'> {
  return {
    management: {
      users: [
        managementController(identities),
        certService(identities),
        routerConfig(identities),
        answering(identities.managementControllerSites, ANSWERED_BY_MANAGEMENT_CONTROLLER),
        answering(identities.routerConfigSites, [SYNC, DESIRED_STATE_PATTERN]),
      ],
      exports: [
        ...SERVICES.map((subject): NatsExport => ({ kind: 'service', subject })),
        { kind: 'stream', subject: NUDGE },
      ],
    },
    sites: {
      imports: [
        ...SERVICES.map((subject): NatsImport => ({ kind: 'service', from: 'MGMT', subject })),
        { kind: 'stream', from: 'MGMT', subject: NUDGE },
      ],
    },
    auth: {
      users: [answering(identities.callout, ['$SYS.REQ.USER.AUTH'])],
    },
    system: {
      users: [
        {
          nkey: identities.system,
          publish: {
            allow: [
              '$SYS.REQ.SERVER.*.KICK',
              '$SYS.REQ.SERVER.*.RELOAD',
              ...['CONNZ', 'JSZ', 'STATSZ', 'VARZ'].map((what) => `$SYS.REQ.SERVER.PING.${what}`),
            ],
          },
          subscribe: { allow: ['_INBOX_management-controller-system.>'] },
        },
      ],
    },
    callout: { issuer: identities.issuer },
  };
}

/**
 * Whoever answers may do nothing else, and whoever follows the log answers nobody this way: the server remembers the `reply` of
 * each message that such a user gets, for two minutes, and every entry of the log has one.
 */
const answering = (nkey: string, subjects: readonly string[]): NatsUser => ({
  nkey,
  publish: { allow: [] },
  subscribe: { allow: subjects },
  allowResponses: true,
});

/** Who may be asked how it is and what its reactions put aside, by the management controller alone. */
const aboutItself = (service: string): string[] => [healthSubject(service), quarantineSubject(service)];
const ASKING = '_INBOX_management-controller';

/** One service makes the log where there is none. */
const CREATE_LOG = `$JS.API.STREAM.CREATE.${LOG_STREAM}`;

function managementController({ managementController: nkey }: NatsIdentities): NatsUser {
  const log = logPermissions({
    writes: ['topology', 'membership', 'trust-change', 'operations'],
    reads: true,
    reactions: REACTIONS.managementController,
    inboxPrefix: ASKING,
  });
  const questions = ['management-controller', 'cert-service', 'router-config'].flatMap(aboutItself);
  return {
    nkey,
    publish: {
      allow: [
        ...log.publish,
        CREATE_LOG,
        DESIRED_STATE_PATTERN,
        REVOCATION_LIST_PATTERN,
        INSTALLATION_TRUST_SUBJECT,
        ...questions,
        `${ASKING}.>`,
      ],
    },
    subscribe: { allow: [...log.subscribe, ...aboutItself('management-controller')] },
  };
}

function certService({ certService: nkey }: NatsIdentities): NatsUser {
  const log = logPermissions({
    writes: ['trust'],
    reads: true, // its witness follows the log, and rotations say which authority signs
    reactions: REACTIONS.certService,
    inboxPrefix: '_INBOX_cert-service',
  });
  return {
    nkey,
    publish: { allow: [...log.publish, `${ASKING}.>`] },
    subscribe: {
      allow: [...log.subscribe, ...aboutItself('cert-service'), REVOCATION_LIST_PATTERN, INSTALLATION_TRUST_SUBJECT],
    },
  };
}

function routerConfig({ routerConfig: nkey }: NatsIdentities): NatsUser {
  const log = logPermissions({ writes: [], reads: true, reactions: [], inboxPrefix: '_INBOX_router-config' });
  return {
    nkey,
    publish: { allow: [...log.publish, NUDGE, `${ASKING}.>`] },
    subscribe: { allow: [...log.subscribe, healthSubject('router-config')] },
  };
}
