import type { InvitationFile } from '@caravan/api';
import { Scene } from '@caravan/testing/installation';
import type { TestInstallation } from '@caravan/testing/installation';
import { benchmark } from '../benchmark.js';
import type { BenchmarkOptions, Findings } from '../benchmark.js';
import { startCpuMeter } from '../stage/cpu.js';
import { inScratch } from '../stage/scratch.js';
import { onStage } from '../stage/stage.js';
import { crowd, percentile } from '../stage/crowd.js';
import { joinDirectly, joinInBand } from './simulated-join.js';

const SIZES = {
  full: { warmUp: 1_000, few: 100, many: 10_000, sample: 300, window: 1_000, inBand: 300 },
  tiny: { warmUp: 5, few: 5, many: 20, sample: 3, window: 5, inBand: 3 },
};
/** So many samples of the cost at each size of the network. */
const SAMPLES = 3;

const FIGURES = {
  joinsPerSecond: 'direct joins, while the network grows to 10,000 members',
  inBandJoinsPerSecond: 'whole joins through two relays, up to the desired state of the member',
  costRatio10000to100: 'CPU for a join of a network of 10,000 members by that of one of 100',
  joinP50Ms: 'from the key to the certificate on disk, 32 joins at once',
  joinP99Ms: 'the same',
  cpuMsPerJoin: 'of all processes, the joining sites included',
  sitesCpuMs: 'of that, the joining sites: this process',
  managementControllerCpuMs: 'of that, management-controller',
  certServiceCpuMs: 'of that, cert-service',
  routerConfigCpuMs: 'of that, router-config',
  natsServerCpuMs: 'of that, nats-server',
  postgresCpuMs: 'of that, PostgreSQL',
  relaysCpuMs: 'of that, the management and the backbone site, which have no part in it',
  cpuMsPerInBandJoin: 'of all processes, for a whole join through relays',
};
type Figure = keyof typeof FIGURES;

/** Simulated sites join a real installation. */
export const joins = benchmark({
  name: 'joins',
  about: 'sites that join, from their key to their certificate',
  figures: FIGURES,
  aims: { joinsPerSecond: { atLeast: 167 }, costRatio10000to100: { atMost: 1.2 } },

  run: (options) => onStage(options, {}, (installation) => inScratch((dir) => measured(installation, dir, options))),
});

async function measured(
  installation: TestInstallation,
  dir: string,
  { size, say }: BenchmarkOptions,
): Promise<Findings<Figure>> {
  const { warmUp, few, many, sample, window, inBand } = SIZES[size];
  const scene = new Scene(installation);
  const backbone = await scene.backbone('bench');
  const { site } = await scene.backboneSite(backbone, 'east');
  const invitationTo = async (name: string): Promise<InvitationFile> =>
    scene.invitationFile(
      await scene.invitation(await scene.network(backbone, name), { name: 'crowd', instanceLimit: null }),
    );
  const meter = meterOf(installation, site.processes()[0] ?? 0);
  const direct = (file: InvitationFile, count: number) =>
    meter(count, () => crowd(count, () => joinDirectly(installation, file, dir)));

  await direct(await invitationTo('warm-up'), warmUp);
  say(`${warmUp} joins to warm up`);
  const small = await inTurn(SAMPLES, async (n) => {
    const file = await invitationTo(`small-${n}`);
    await direct(file, few);
    return direct(file, sample);
  });
  say(`a join of a network of ${few} costs ${small.map(total).map(rounded).join(', ')} ms of CPU`);
  const file = await invitationTo('large');
  const growing = await inTurn(Math.ceil(many / window), async (n) => {
    const found = await direct(file, window);
    if (n % 3 === 0) say(`${rounded(window / found.crowd.seconds)} joins/s at ${(n + 1) * window} members`);
    return found;
  });
  const large = await inTurn(SAMPLES, () => direct(file, sample));
  say(`a join of a network of ${many} costs ${large.map(total).map(rounded).join(', ')} ms of CPU`);
  const whole = await inTurn(SAMPLES, () =>
    meter(inBand, () => crowd(inBand, () => joinInBand(installation, file, dir))),
  );
  const perSecond = (found: Sample): number => found.crowd.latenciesMs.length / found.crowd.seconds;
  const cpu = (name: keyof Sample['cpuMs']) => growing.map(({ cpuMs }) => cpuMs[name]);
  return {
    runs: {
      joinsPerSecond: growing.map(perSecond),
      inBandJoinsPerSecond: whole.map(perSecond),
      costRatio10000to100: large.map((found, n) => total(found) / total(small[n]!)),
      joinP50Ms: growing.map((found) => percentile(found.crowd.latenciesMs, 0.5)),
      joinP99Ms: growing.map((found) => percentile(found.crowd.latenciesMs, 0.99)),
      cpuMsPerJoin: growing.map(total),
      sitesCpuMs: cpu('sites'),
      managementControllerCpuMs: cpu('managementController'),
      certServiceCpuMs: cpu('certService'),
      routerConfigCpuMs: cpu('routerConfig'),
      natsServerCpuMs: cpu('natsServer'),
      postgresCpuMs: cpu('postgres'),
      relaysCpuMs: cpu('relays'),
      cpuMsPerInBandJoin: whole.map(total),
    },
    setting: { ...SIZES[size], natsServer: installation.plane.versions.natsServer },
  };
}

type Meter = ReturnType<typeof meterOf>;
type Sample = Awaited<ReturnType<Meter>>;

/** Measures what every process works for each of so many joins, in milliseconds. */
function meterOf(installation: TestInstallation, backboneSite: number) {
  const pids = {
    managementController: installation.pidOf('management-controller'),
    certService: installation.pidOf('cert-service'),
    routerConfig: installation.pidOf('router-config'),
    natsServer: installation.pidOf('nats-server'),
    postgres: installation.pidOf('postgres'),
    managementSite: installation.pidOf('site-management'),
    backboneSite,
  };
  return async (count: number, work: () => ReturnType<typeof crowd>) => {
    const read = startCpuMeter(pids);
    const own = process.cpuUsage();
    const done = await work();
    const { managementSite, backboneSite: east, ...services } = read();
    const { user, system } = process.cpuUsage(own);
    const seconds = { ...services, relays: managementSite + east, sites: (user + system) / 1e6 };
    const cpuMs = Object.fromEntries(
      Object.entries(seconds).map(([name, value]) => [name, (value * 1000) / count]),
    ) as Record<keyof typeof seconds, number>;
    return { crowd: done, cpuMs };
  };
}

const total = ({ cpuMs }: Sample): number => Object.values(cpuMs).reduce((sum, each) => sum + each, 0);
const rounded = (value: number): number => Math.round(value * 100) / 100;

async function inTurn<T>(times: number, work: (n: number) => Promise<T>): Promise<T[]> {
  const found: T[] = [];
  for (let n = 0; n < times; n++) found.push(await work(n));
  return found;
}
