import { getLocalState } from '@caravan/api';
import type { LocalState } from '@caravan/api';
import type { Invocation } from '../command.js';
import { noticeFor } from '../connection/connection.js';
import { CliError } from '../failures/cli-error.js';
import { EXIT } from '../failures/exit-codes.js';
import { section } from '../output/description.js';
import { machineText } from '../output/format.js';
import type { Item } from '../kinds/kind.js';
import { callRoute } from '../resources/listing.js';
import { refusalOf } from './await-joined.js';
import { howItIs } from './how-it-is.js';
import type { HowItIs } from './how-it-is.js';
import { runningSite } from './local-site.js';
import type { LocalSite } from './local-site.js';
import { siteViews, viewTable } from './site-views.js';
import { isWait, toldTroubles } from './troubles.js';

const SHOWN = new Set(['links', 'listeners', 'connectors']);

/** A site in words: what it is, how it is, what is wrong, and what it carries. Throws `site.degraded` once all is said, or why it was refused. */
export const printSiteStatus = async (dir: string, { options, output, terminal }: Invocation): Promise<void> => {
  const site = await runningSite(dir, noticeFor(options, terminal));
  const state = await site.api.call(getLocalState, {});
  const machine = machineText(output, state);
  const how = howItIs(state, terminal.now());
  terminal.out(machine ?? `${headText(site, state, how.words)}${troublesText(state, terminal.now())}`);
  if (machine === undefined && state.step === 'joined')
    terminal.out(await viewSections(site, state, output === 'wide'));
  const failure = failureOf(how, state, dir);
  if (failure) throw failure;
};

const headText = ({ dir, pid, api }: LocalSite, state: LocalState, words: string): string => {
  const { name, role, network, backbone, installation, version } = state;
  const where = network ? `network ${network.name}` : backbone ? `backbone ${backbone.name}` : installation;
  return (
    `Site ${name ?? '(no name yet)'}, ${role} of ${where}: ${words}\n` +
    `Runs in ${dir}, process ${pid}, version ${version}; its API is at ${api.url}\n`
  );
};

const troublesText = (state: LocalState, now: Date): string => {
  const told = toldTroubles(state, now);
  const sectionOf = (title: string, waits: boolean): string => {
    const lines = told
      .filter(({ code }) => isWait(code) === waits)
      .map(({ code, detail, since }) => `${detail} [${code}], since ${since}\n`);
    return lines.length > 0 ? section(title, lines.join('')) : '';
  };
  return sectionOf('Troubles', false) + sectionOf('Waits', true);
};

/** One that waits is as it should be. */
const failureOf = ({ status, words }: HowItIs, state: LocalState, dir: string): CliError | undefined => {
  if (status === 'refused') return refusalOf(state, dir);
  if (status !== 'troubled') return undefined;
  return new CliError('site.degraded', `The site in ${dir} is not well: ${words}.`, { exit: EXIT.degraded, at: dir });
};

const viewSections = async (site: LocalSite, { role, relayConnected }: LocalState, wide: boolean): Promise<string> => {
  const views = siteViews.filter(({ name }) => SHOWN.has(name) && (role === 'member' || name === 'links'));
  const texts: string[] = [];
  for (const view of views) {
    if (view.name === 'links' && !relayConnected) continue; // only the relay knows
    const { items } = (await callRoute(site.api, view.route, { params: {} })) as { items: Item[] };
    const title = view.name.charAt(0).toUpperCase() + view.name.slice(1);
    texts.push(section(title, items.length === 0 ? '' : viewTable(view, items, wide)));
  }
  return texts.join('');
};
