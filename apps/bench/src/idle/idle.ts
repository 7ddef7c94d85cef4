import { setTimeout as pause } from 'node:timers/promises';
import { memoryOf, Scene } from '@caravan/testing/installation';
import type { TestInstallation, TestSite } from '@caravan/testing/installation';
import { benchmark } from '../benchmark.js';
import type { BenchmarkOptions, Findings } from '../benchmark.js';
import { onStage } from '../stage/stage.js';
import { growthInAnHour } from './trend.js';

const SIZES = {
  full: { lookEveryMs: 60_000, settleMs: 60_000 },
  tiny: { lookEveryMs: 200, settleMs: 0 },
};
const MINUTES = 60;
/** What is still given back until then would hide what grows. */
const SETTLED_AT_MINUTE = 10;
const PROCESSES = ['supervisor', 'controller', 'relay'] as const;
/** In the order in which they go. */
const MANAGEMENT_PLANE = [
  'site-management',
  'management-controller',
  'router-config',
  'cert-service',
  'nats-server',
  'postgres',
];
/** 120 MB. */
const ROOM_MIB = 114.4;

const FIGURES = {
  residentMiB: 'controller and relay of a member site together, each minute',
  first: 'the same, one minute after the management plane went',
  last: 'the same, at the end',
  most: 'the same, the most of it',
  slopeMiBPerHour: 'by which pages of no file grow in an hour: the line of least squares from the tenth minute on',
  controllerMiB: 'of that, the controller',
  relayMiB: 'of that, the relay',
  proportionalMiB: 'the two together, with a share only of each page that others have too',
  anonymousMiB: 'the two together, without the pages of files, which a machine may drop and read again',
  supervisorMiB: 'their supervisor, beside that',
  backboneSiteMiB: 'controller and relay of the backbone site that it is linked to',
};
type Figure = keyof typeof FIGURES;

/** Two real sites, linked to each other, that nothing is asked of, while the management plane is away. */
export const idle = benchmark({
  name: 'idle',
  about: 'what an idle site holds, with the management plane away',
  figures: FIGURES,
  aims: { residentMiB: { atMost: ROOM_MIB }, most: { atMost: ROOM_MIB }, slopeMiBPerHour: { atMost: 1 } },
  minutes: MINUTES,

  run: (options) => onStage(options, {}, (installation) => measured(installation, options)),
});

async function measured(
  installation: TestInstallation,
  { size, minutes = MINUTES, say, signal }: BenchmarkOptions,
): Promise<Findings<Figure>> {
  const { lookEveryMs, settleMs } = SIZES[size];
  const scene = new Scene(installation);
  const backbone = await scene.backbone('bench');
  const east = await scene.backboneSite(backbone, 'east');
  const store = await scene.member(await scene.network(backbone, 'bench'), 'store', east);
  for (const name of MANAGEMENT_PLANE) await installation.takeDown(name);
  say('the management plane is away');
  await pause(settleMs, undefined, { signal });

  const pids = { store: pidsOf(store), east: pidsOf(east.site) };
  const looks: ReturnType<typeof look>[] = [];
  const count = size === 'tiny' ? 3 : minutes + 1;
  for (let n = 0; n < count; n++) {
    if (n > 0) await pause(lookEveryMs, undefined, { signal });
    looks.push(look(pids));
    if (n % 5 === 0) say(`${n} min: ${looks.at(-1)!.residentMiB.toFixed(1)} MiB`);
  }
  const each = (name: keyof (typeof looks)[number]): number[] => looks.map((found) => found[name]);
  const resident = each('residentMiB');
  // Pages of files come and go with what else the machine does, and there are only so many.
  const all = each('anonymousMiB').map((value, n) => ({ minute: (n * lookEveryMs) / 60_000, value }));
  const settled = all.filter(({ minute }) => minute >= SETTLED_AT_MINUTE);
  return {
    runs: {
      residentMiB: resident,
      first: [resident[0]!],
      last: [resident.at(-1)!],
      most: [Math.max(...resident)],
      slopeMiBPerHour: [growthInAnHour(settled.length > 1 ? settled : all)],
      controllerMiB: each('controllerMiB'),
      relayMiB: each('relayMiB'),
      proportionalMiB: each('proportionalMiB'),
      anonymousMiB: each('anonymousMiB'),
      supervisorMiB: each('supervisorMiB'),
      backboneSiteMiB: each('backboneSiteMiB'),
    },
    setting: { looks: count, lookEverySeconds: lookEveryMs / 1_000 },
  };
}

type Pids = Readonly<Record<(typeof PROCESSES)[number], number>>;

function look({ store, east }: Readonly<Record<'store' | 'east', Pids>>) {
  const [controller, relay] = [memoryOf(store.controller), memoryOf(store.relay)];
  return {
    residentMiB: controller.resident + relay.resident,
    controllerMiB: controller.resident,
    relayMiB: relay.resident,
    proportionalMiB: controller.proportional + relay.proportional,
    anonymousMiB: controller.anonymous + relay.anonymous,
    supervisorMiB: memoryOf(store.supervisor).resident,
    backboneSiteMiB: memoryOf(east.controller).resident + memoryOf(east.relay).resident,
  };
}

/** Once and for all: one that ends and is started again would begin with less. */
function pidsOf(site: TestSite): Pids {
  const pids = PROCESSES.map((which) => {
    const pid = site.pid(which);
    if (pid === undefined) throw new Error(`the ${which} of ${site.name} does not run`);
    return [which, pid];
  });
  return Object.fromEntries(pids) as Pids;
}
