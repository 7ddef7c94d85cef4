import { getLocalState } from '@caravan/api';
import type { LocalState } from '@caravan/api';
import type { Invocation } from '../command.js';
import { section } from '../output/description.js';
import { machineText } from '../output/format.js';
import type { Item } from '../kinds/kind.js';
import { callRoute } from '../resources/listing.js';
import { overOf, removalOf, runningSite } from './local-site.js';
import type { LocalSite } from './local-site.js';
import { siteViews, viewTable } from './site-views.js';
import { isTooSoon } from './troubles.js';

const SHOWN = new Set(['links', 'listeners', 'connectors']);

/** Which words say that something is not as it should be. */
export const headline = (state: LocalState): string => {
  if (state.step === 'refused') return 'refused; it will not join with this invitation';
  if (removalOf(state)) return 'removed from its network; it carries nothing any more';
  const over = overOf(state);
  if (over)
    return `${over.code === 'network.ended' ? 'its network has ended' : 'its certificate is over'}; it carries nothing any more`;
  if (state.step !== 'joined') return `joining (${state.step})`;
  if (!state.relayConnected) return 'its relay does not answer; nothing is carried';
  const behind =
    state.appliedRevision < state.revision ? `; applying ${state.revision} (at ${state.appliedRevision})` : '';
  return `${state.connected ? 'well' : 'cut off from the management plane; it goes on with what it last heard'}${behind}`;
};

/** A site in words: what it is, how it is, what is wrong, and what it carries. */
export const printSiteStatus = async (dir: string, { output, terminal }: Invocation): Promise<void> => {
  const site = await runningSite(dir);
  const state = await site.api.call(getLocalState, {});
  const machine = machineText(output, state);
  if (machine !== undefined) return terminal.out(machine);
  const where = state.network
    ? `network ${state.network.name}`
    : state.backbone
      ? `backbone ${state.backbone.name}`
      : '';
  terminal.out(
    `Site ${state.name ?? '(no name yet)'}, ${state.role} of ${where || state.installation}: ${headline(state)}\n`,
  );
  terminal.out(`Runs in ${dir}, process ${site.pid}, version ${state.version}; its API is at ${site.api.url}\n`);
  const now = terminal.now().getTime();
  const troubles = state.troubles
    .filter(({ code, since }) => state.step === 'joined' || !isTooSoon(code, now - Date.parse(since)))
    .map(({ code, detail, since }) => `${detail} [${code}], since ${since}\n`);
  if (troubles.length > 0) terminal.out(section('Troubles', troubles.join('')));
  if (state.step === 'joined') terminal.out(await viewSections(site, state, output === 'wide'));
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
