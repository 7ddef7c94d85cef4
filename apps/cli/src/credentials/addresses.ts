import { CliError } from '../failures/cli-error.js';
import { failureOf } from '../failures/failure.js';
import { Reworded } from '../failures/reworded.js';
import type { Api } from '../connection/connection.js';
import type { Options, OptionValue } from '../options.js';
import { kindOf } from '../kinds/kinds.js';
import { idOf, text } from '../kinds/kind.js';
import type { Item } from '../kinds/kind.js';
import { onceTold } from '../output/late-notice.js';
import { listAll } from '../resources/listing.js';
import { candidatesOf } from '../resources/resolve.js';
import type { Terminal } from '../terminal.js';
import { askAgain } from './ask-again.js';

const WITHOUT_ADDRESS = new Set(['invitation.no-address-yet', 'bundle.no-address-yet']);

/** Whether it is the refusal of a file that would lead nowhere: one to be mended before the command is given again. */
export const isWithoutAddress = (error: unknown): boolean => WITHOUT_ADDRESS.has(failureOf(error).code);

/** Sites report within some seconds where their access points listen. */
const SOON = { forMs: 10_000, pauseMs: 500 };

interface Refused {
  /** What can be done when no address has come. */
  readonly remedies: readonly string[];
  /** No request is begun later than this; 0: nobody is going to report one. */
  readonly forMs?: number;
  readonly pauseMs?: number;
}

/** Asks again while no address is known, and says once that it does; throws what was answered last, with what to do. */
export const whenAddressed = async <Reply>(
  ask: () => Promise<Reply>,
  terminal: Pick<Terminal, 'err'>,
  { remedies, forMs = SOON.forMs, pauseMs = SOON.pauseMs }: Refused,
): Promise<Reply> => {
  const tell = onceTold('No address is known yet; waiting for a site to report one', forMs, terminal);
  return askAgain(ask, { passes: isWithoutAddress, tell, forMs, pauseMs }).catch((error: unknown) => {
    throw isWithoutAddress(error) ? new Reworded(error, { remedies }) : error;
  });
};

/** What it means that none of a kind has an address. */
const WITHOUT = { claim: 'No site could claim', member: 'No site that claims could link' } as const;

export const addressRemedies = (kind: string): string[] => [
  `caravan delete access-point <site>/<access-point>, and create it again with --host <host> --port <port>, where others reach it`,
  ...(kind === 'manage' ? [] : ['if it has a --bind-port: start its site with SITE_HOST=<host> in the environment']),
];

/** Of one that was issued: while it is open, its access points stay what they are. */
export const remediesOfIssued = (network: Item, invitation: Item): string[] => {
  const revoke = `caravan revoke invitation ${text(invitation['name'])} --network ${text(network['name'])}, then`;
  const [first = '', ...others] = addressRemedies('claim');
  return [`${revoke} ${first}`, ...others];
};

/** Before there is an invitation of which no file could be made. Throws `invitation.no-address-yet`; where there is none at all, the server says so. */
export const requireAddresses = async (api: Api, network: Item, options: Options): Promise<void> => {
  await requireAddress(api, network, 'claim', options['claimAccessPoint']);
  await requireAddress(api, network, 'member', options['memberAccessPoint']);
};

const requireAddress = async (api: Api, network: Item, kind: keyof typeof WITHOUT, named: OptionValue) => {
  const params = { backboneId: text(network['backboneId']) };
  const all = await candidatesOf(api, kindOf('access-point'), params, { kind });
  const offered = Array.isArray(named)
    ? all.filter(({ item, labels }) => named.some((ref: string) => ref === idOf(item) || labels.includes(ref)))
    : all;
  if (offered.length === 0 || offered.some(({ item: { host, port } }) => host !== null && port !== null)) return;
  const which = offered.map(({ labels }) => labels[0]).join(', ');
  throw new CliError('invitation.no-address-yet', `${WITHOUT[kind]}: no address is known of ${which}.`);
};

/** Whether a new site will dial others, which may report where. Throws `bundle.no-way-in` where it is not to be dialled either. */
export const dialsOthers = async (api: Api, site: Item): Promise<boolean> => {
  const params = { backboneId: text(site['backboneId']) };
  const { items: links } = await listAll(api, kindOf('link').routes.list!, params);
  if (links.some((link) => link['siteId'] === idOf(site))) return true;
  const query = { siteId: idOf(site), kind: 'manage' };
  const { items: managed } = await listAll(api, kindOf('access-point').routes.list!, params, query, 1);
  if (managed.length > 0) return false;
  const name = text(site['name']);
  const nothing = `Nobody would ever hear of ${name}: it has neither a manage access point nor a link.`;
  throw new CliError('bundle.no-way-in', nothing, {
    remedy: [
      `caravan create access-point manage --site ${name} --kind manage --bind-port <port> --host <host> --port <port>`,
      `caravan create link --from ${name} --to <site>/<peer access point>`,
    ],
  });
};
