import { importsOf, isRelative, resolved } from './code/imports.js';
import { isTest, packageOf, packages } from './code/workspace.js';
import type { Source } from './code/workspace.js';

export interface Room {
  /** Everything below this path that no room before it has. */
  readonly at: string;
  /** Packages of this workspace, by what they are imported as; `x/*`: also its subpaths. */
  readonly caravan: readonly string[];
  /** Everything else; `declared`: whatever its package.json has, and Node. */
  readonly others: readonly string[] | 'declared';
}

const core = ['@caravan/events', '@caravan/event-store', '@caravan/pki', '@caravan/data-plane'];
/** Where a process is held by the fault suites: for everything that does something, and nothing that decides. */
const held = '@caravan/kill-points';
const service = [...core, '@caravan/event-store/*', '@caravan/api', '@caravan/platform', '@caravan/platform/*', held];

/** Who may import whom (ARCHITECTURE.md, Rooms). The first room that fits a file is its room. */
export const rooms: readonly Room[] = [
  // Contracts know their schema library.
  { at: 'libs/events/src/', caravan: [], others: ['zod'] },
  { at: 'libs/api/src/', caravan: [], others: ['zod'] },
  // Core, and the adapters that live beside it.
  { at: 'libs/event-store/src/jetstream/', caravan: ['@caravan/events', held], others: ['@nats-io/*', 'node:*'] },
  { at: 'libs/event-store/src/postgres/', caravan: ['@caravan/events', held], others: ['pg', 'node:*'] },
  { at: 'libs/event-store/src/', caravan: ['@caravan/events'], others: ['node:crypto'] },
  { at: 'libs/pki/src/', caravan: [], others: ['node:crypto', 'node-forge', 'node-forge/*'] },
  { at: 'libs/data-plane/src/relay-client/', caravan: [], others: ['zod', 'node:*'] },
  { at: 'libs/data-plane/src/', caravan: [], others: ['zod', 'node:stream'] }, // the type of a byte stream
  // Adapters know core.
  { at: 'libs/kill-points/src/', caravan: [], others: ['node:fs', 'node:net'] },
  { at: 'libs/log-lines/src/', caravan: [], others: ['node:fs'] },
  {
    at: 'libs/platform/src/',
    caravan: [...core, '@caravan/pki/secret', '@caravan/event-store/*', '@caravan/api', '@caravan/log-lines', held],
    others: 'declared',
  },
  { at: 'libs/installation/src/', caravan: [...core, '@caravan/event-store/*'], others: 'declared' },
  { at: 'libs/testing/src/', caravan: [...service, '@caravan/installation'], others: 'declared' },
  // Clients know the API alone, and the command line the verifier of the log.
  { at: 'apps/cli/src/', caravan: ['@caravan/api', '@caravan/event-store'], others: 'declared' },
  { at: 'apps/console/src/', caravan: ['@caravan/api'], others: 'declared' },
  // Benchmarks stand on what they measure, and on the harness.
  { at: 'apps/bench/src/', caravan: [...service, '@caravan/installation', '@caravan/testing/*'], others: 'declared' },
  { at: 'apps/launcher/src/', caravan: ['@caravan/api', '@caravan/installation'], others: 'declared' },
  // What runs at sites knows nothing of the management plane but the site protocol.
  {
    at: 'apps/relay/src/',
    caravan: ['@caravan/data-plane', '@caravan/data-plane/relay', '@caravan/log-lines', '@caravan/pki', held],
    others: 'declared',
  },
  {
    at: 'apps/site-controller/src/',
    caravan: [
      '@caravan/events',
      '@caravan/log-lines',
      '@caravan/pki',
      '@caravan/pki/secret', // for the supervisor, which knows nothing else of it
      '@caravan/data-plane',
      '@caravan/data-plane/relay',
      '@caravan/api',
      '@caravan/platform/ids', // ids and sealing keys, and nothing else of it
      '@caravan/platform/sealing-keys',
      held,
    ],
    others: 'declared',
  },
  { at: 'apps/', caravan: service, others: 'declared' },
];

/** What of the imports of a file leaves its room, in words. */
export function strays(file: Source): string[] {
  const room = rooms.find(({ at }) => file.path.startsWith(at));
  if (!room && !isTest(file.path)) return [`${file.path} is in no room: give it one in test/architecture/rooms.ts`];
  return importsOf(file)
    .filter((specifier) => !mayImport(file.path, specifier, room))
    .map((specifier) => `${file.path} imports ${specifier}`);
}

function mayImport(from: string, specifier: string, room: Room | undefined): boolean {
  if (isRelative(specifier)) return mayReach(from, resolved(from, specifier), room);
  if (/^@caravan\/[^/]+\/(src|dist)\//.test(specifier)) return false; // through its exports or not at all
  if (isTest(from)) return !isApp(specifier);
  if (specifier.startsWith('@caravan/')) return fits(specifier, room?.caravan ?? []);
  return room?.others === 'declared' || fits(specifier, room?.others ?? []);
}

function mayReach(from: string, to: string, room: Room | undefined): boolean {
  if (packageOf(from) !== packageOf(to)) return false;
  if (isTest(from)) return true;
  if (isTest(to)) return false;
  // An adapter may use the core that it stands beside; the core never the adapter.
  return room !== undefined && (to.startsWith(room.at) ? roomOf(to) === room : from.startsWith(roomOf(to)?.at ?? '\0'));
}

const roomOf = (path: string): Room | undefined => rooms.find(({ at }) => path.startsWith(at));

const apps = packages().filter((folder) => folder.startsWith('apps/'));
const isApp = (specifier: string): boolean => apps.includes(specifier.replace(/^@caravan\/([^/]+).*/, 'apps/$1'));

const fits = (specifier: string, allowed: readonly string[]): boolean =>
  allowed.some((each) => (each.endsWith('*') ? specifier.startsWith(each.slice(0, -1)) : specifier === each));
