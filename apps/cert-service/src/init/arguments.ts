import { parseArgs } from 'node:util';
import { ConfigurationError } from '@caravan/platform';
import type { Wanted } from '../credentials/credential.js';
import type { RootFiles } from './brought-root.js';

export interface InitArguments extends Wanted {
  /** The directory that the files go to. */
  readonly out: string;
  readonly installation: string;
  /** A root that was made elsewhere; undefined: one is made here. */
  readonly root: RootFiles | undefined;
  /** What whoever has the root's key signed. */
  readonly signed: string | undefined;
  /** It replaces the root in use when the installation is rotated. */
  readonly isNextRoot: boolean;
}

export const INIT_USAGE = `usage: node apps/cert-service/bundle/main.js init --out <directory> [--installation <name>] [--nats-host <host>]... [--api-host <host>]...
       [--management-site <id>] [--administrator <name>]...
       [--root-certificate <file> [--root-key <file>] [--root-passphrase-file <file>] | --offline] [--next]]
       [--signed <file>]

  --out              where certificates and keys are written
  --installation     the name in every identity; default: CARAVAN_INSTALLATION
  --nats-host        a host name or address under which clients reach NATS (repeat for several; none: those of before)
  --api-host         a host name or address under which clients reach the API over TLS (likewise)
  --management-site  the id of the management plane's own site, to make its certificate too
  --administrator    a name: who holds administrator-<name>.key may ask the API everything, and is called so in the log (repeat for several)
  --root-certificate a root of your own, instead of one that is made here: PEM, or PKCS#12 with its key. Its key is sealed at once
  --root-key         its key, in PEM, where it is in another file
  --root-passphrase-file  what opens the key or the PKCS#12 file
  --offline          its key stays where it is: what is asked for is written beside, and signed there
  --signed           the certificate of the management authority that was signed there, PEM
  --next             that root is for the next rotation of the installation (caravan rotate installation)

environment: AUTHORITY_ISSUERS, AUTHORITY_KEYS, DATABASE_URL, DATABASE_CA_FILE, PKI_MASTER_KEY, PKI_MASTER_KEY_COMMAND or PKI_MASTER_KEY_FILE (made if it is not there yet)
`;

/** A part of a file's name and of an identity; `bootstrap` is who comes with the token. */
const ADMINISTRATOR = /^(?!bootstrap$)(?=.{1,40}$)[a-z0-9]+(-[a-z0-9]+)*$/;

/** @throws ConfigurationError */
export function initArguments(argv: readonly string[], environment: NodeJS.ProcessEnv): InitArguments {
  const { values } = parsed(argv);
  if (!values.out) throw wrong('--out', 'is missing', 'the directory for certificates and keys');
  const installation = values.installation ?? environment['CARAVAN_INSTALLATION'];
  if (!installation) throw wrong('--installation', 'is missing', 'the name of this installation in every identity');
  const managementSite = values['management-site'];
  if (managementSite !== undefined && !/^[0-9a-f-]{36}$/.test(managementSite)) {
    throw wrong('--management-site', 'is no id', 'a UUID');
  }
  const { out, signed, 'nats-host': natsHosts = [], 'api-host': apiHosts = [], administrator = [] } = values;
  const unfit = administrator.find((name) => !ADMINISTRATOR.test(name));
  if (unfit !== undefined)
    throw wrong(
      '--administrator',
      `"${unfit}" is no name`,
      'a to z, 0 to 9 and dashes, at most 40, and not bootstrap, as the log calls who has the token',
    );
  const administrators = [...new Set(administrator)];
  return { out, installation, natsHosts, apiHosts, managementSite, administrators, signed, ...rootIn(values) };
}

function rootIn(values: ReturnType<typeof parsed>['values']): Pick<InitArguments, 'root' | 'isNextRoot'> {
  const { 'root-certificate': certificate, 'root-key': key, 'root-passphrase-file': passphrase } = values;
  const { next = false, offline = false } = values;
  if (offline && (key !== undefined || passphrase !== undefined)) {
    throw wrong('--offline', 'and a key contradict each other', 'either the key comes here, or it stays elsewhere');
  }
  if (certificate) return { root: { certificate, key, passphrase, isKeyElsewhere: offline }, isNextRoot: next };
  if (key === undefined && passphrase === undefined && !next && !offline) return { root: undefined, isNextRoot: false };
  throw wrong('--root-certificate', 'is missing', 'the certificate that the key is of');
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      strict: true,
      options: {
        out: { type: 'string' },
        installation: { type: 'string' },
        'nats-host': { type: 'string', multiple: true },
        'api-host': { type: 'string', multiple: true },
        'management-site': { type: 'string' },
        administrator: { type: 'string', multiple: true },
        'root-certificate': { type: 'string' },
        'root-key': { type: 'string' },
        'root-passphrase-file': { type: 'string' },
        next: { type: 'boolean' },
        offline: { type: 'boolean' },
        signed: { type: 'string' },
      },
    });
  } catch (error) {
    throw wrong('the command line', 'is wrong', (error as Error).message);
  }
}

const wrong = (variable: string, says: string, remedy: string): ConfigurationError =>
  new ConfigurationError([{ variable, says, remedy }]);
