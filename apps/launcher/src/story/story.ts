import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { listSiteConnectors, listSiteListeners } from '@caravan/api';
import type { ApiClient, LocalState } from '@caravan/api';
import type { PortBook } from '@caravan/installation';
import type { Narration } from '../narration.js';
import { makeBackbone } from './backbone.js';
import { localSite } from './local-site.js';
import { makeNetwork } from './network.js';
import { pathOf } from './path.js';
import type { Hop } from './path.js';
import { STORY } from './plan.js';
import { runSite } from './sites.js';
import type { SiteRunner } from './sites.js';
import { whoIsLeft } from './who-is-left.js';

export interface Told {
  /** Undefined where a story that was told before cannot be told again: `absent`, or something that it led through was changed since. */
  readonly answer: { readonly status: number; readonly body: string } | undefined;
  readonly path: readonly Hop[];
  /** Where the listener at the store is. */
  readonly url: string;
  /** Sites of a story that was told before and that do not come any more: somebody removed or revoked them, or what they stand on. */
  readonly absent: readonly string[];
}

interface Stage extends SiteRunner {
  readonly api: ApiClient;
  readonly ports: PortBook;
  readonly narration: Narration;
}

/**
 * Two sites join a network by invitation, and an HTTP request crosses it. Once it was told, what it made belongs to whoever changed it since: nothing
 * is made again, who does not come is named, and a request that gets nowhere stops nothing.
 */
export async function playStory(stage: Stage): Promise<Told> {
  const { api, ports, narration, caravan, state } = stage;
  const wasTold = existsSync(state.toldFile);
  const dirs = new Map<string, string>();
  const absent: string[] = [];
  const left = wasTold ? await whoIsLeft(api) : undefined;
  const look = async (site: LocalState | undefined): Promise<void> => {
    await stage.look(site);
    if (site?.siteId && left?.has(site.siteId) === false) throw new Error('it was removed or revoked');
  };
  const come = async (name: string, download: (file: string) => Promise<unknown>): Promise<void> => {
    try {
      dirs.set(name, await runSite({ ...stage, look }, name, download));
    } catch (error) {
      if (!wasTold) throw error;
      absent.push(name);
      narration.say(`    ${name} does not come: ${(error as Error).message}`);
    }
  };
  // Before any site runs: on a resumed start the store's relay listens on its port again as soon as it is up.
  const servicePort = await ports.choose('inventory service');
  const listenerPort = await ports.choose('inventory listener');

  const made = wasTold
    ? undefined
    : await narration.step(`backbone ${STORY.backbone}: two sites, access points, a link`, () =>
        makeBackbone(api, ports),
      );
  for (const name of STORY.sites) {
    await narration.step(`backbone site ${name} set up by its one-time bundle`, async () => {
      await come(name, (file) => caravan('bundle', name, '--backbone', STORY.backbone, '--out', file));
    });
  }
  if (made) {
    const what = `network ${STORY.network}, class ${STORY.siteClass}, two invitations`;
    await narration.step(what, () => makeNetwork(api, made));
  }
  for (const { name, member } of STORY.invitations) {
    await narration.step(`${member} joins by \`caravan join\` with invitation ${name}`, async () => {
      await come(member, (file) => caravan('invite', STORY.network, name, '--download', '--out', file));
    });
  }
  const url = `http://127.0.0.1:${listenerPort}/stock`;
  const untold = { answer: undefined, path: [], url, absent };
  if (absent.length > 0) return untold;

  const [hq, store] = STORY.invitations.map(({ member }) => dirs.get(member) ?? '') as [string, string];
  await narration.step('the service at hq runs', () => serve(stage, servicePort));
  if (!wasTold) {
    await narration.step(`${STORY.address} exposed at hq`, () => expose(stage, hq, servicePort));
    await narration.step(`listener for ${STORY.address} opened at store-1`, () => consume(stage, store, listenerPort));
  }
  const sites = ['store-1', 'west', 'east', 'hq'].map((name) => ({ name, dir: dirs.get(name) ?? '' }));
  const tell = async (): Promise<Told> => {
    const answer = await narration.step(`GET ${url} at store-1`, () => get(url));
    const path = await narration.step('the path it took, told by each relay on it', () => pathOf(STORY.address, sites));
    return { answer, path, url, absent };
  };
  try {
    const told = await tell();
    if (!wasTold) writeFileSync(state.toldFile, '');
    return told;
  } catch (error) {
    if (!wasTold) throw error;
    narration.say(`    ${(error as Error).message}`);
    return untold;
  }
}

async function serve({ group }: Stage, port: number): Promise<void> {
  const program = fileURLToPath(new URL('./inventory.js', import.meta.url));
  await group.start({ name: 'inventory', command: program, args: [String(port)], ready: /^ready$/m });
}

async function expose({ caravan }: Stage, dir: string, port: number): Promise<void> {
  const present = (await localSite(dir)?.call(listSiteConnectors, {}))?.items ?? [];
  if (present.some(({ address }) => address === STORY.address)) return;
  await caravan('expose', STORY.address, String(port), '--dir', dir);
}

async function consume({ caravan }: Stage, dir: string, port: number): Promise<void> {
  const present = (await localSite(dir)?.call(listSiteListeners, {}))?.items ?? [];
  if (present.some(({ address }) => address === STORY.address)) return;
  await caravan('consume', STORY.address, '--port', String(port), '--dir', dir);
}

const PATIENCE_MS = 30_000;

/** `fetch` says why in its cause. */
const inWords = (error: unknown): string => {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message : message;
};

/** The first request may come before the relays have heard of each other's addresses; a refused connection is tried again. */
async function get(url: string): Promise<{ status: number; body: string }> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(5_000), headers: { connection: 'close' } });
      const [{ status }, body] = [answer, await answer.text()];
      if (status !== 200) throw new Error(`the service at hq answered ${status}: ${body}`);
      return { status, body };
    } catch (error) {
      if (performance.now() > deadline) throw new Error(`${url} gives no answer: ${inWords(error)}`, { cause: error });
      await pause(200);
    }
  }
}
