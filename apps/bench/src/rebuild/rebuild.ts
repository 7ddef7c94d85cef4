import { apiClient, getStatus, rebuildProjections } from '@caravan/api';
import type { StateDirectory } from '@caravan/installation';
import { connectAsService, eventually } from '@caravan/testing/installation';
import type { TestInstallation } from '@caravan/testing/installation';
import { benchmark } from '../benchmark.js';
import type { BenchmarkOptions, Findings } from '../benchmark.js';
import { caughtUp } from '../stage/backlog.js';
import { startCpuMeter } from '../stage/cpu.js';
import { writeLog } from '../stage/log-writer.js';
import type { WrittenLog } from '../stage/log-writer.js';
import { onStage } from '../stage/stage.js';
import { generatedLog } from './generated-log.js';
import { makePapers } from './papers.js';
import { readRaw } from './raw-read.js';

const SIZES = { full: { members: 45_000, runs: 5 }, tiny: { members: 50, runs: 1 } };
const WITHIN_MS = 600_000;

const FIGURES = {
  eventsPerSecond: 'events of the log, by the time until the new rows are visible',
  ratioToRawRead: 'of the rate at which the same log is merely read, in the same run',
  cpuMicrosecondsPerEvent: 'of management-controller, PostgreSQL and nats-server together',
  managementControllerCpu: 'microseconds for each event',
  postgresCpu: 'microseconds for each event',
  rawEventsPerSecond: 'reading the log and looking at nothing',
};
type Figure = keyof typeof FIGURES;

/** The read models of a real management-controller, made anew from a log that was there before it started. */
export const rebuild = benchmark({
  name: 'rebuild',
  about: 'projections rebuilt from the log into PostgreSQL',
  figures: FIGURES,
  aims: { eventsPerSecond: { atLeast: 50_000 } },

  async run(options) {
    const { members, runs } = SIZES[options.size];
    let written: WrittenLog | undefined;
    const prepare = async (state: StateDirectory): Promise<void> => {
      options.say('writing a log');
      written = await writeLog(state, generatedLog(members, makePapers(new Date('2026-01-01T00:00:00Z'))));
    };
    return onStage(options, { only: ['management-controller'], prepare }, (installation) =>
      measured(installation, written!, { ...options, members, runs }),
    );
  },
});

async function measured(
  installation: TestInstallation,
  { commits, events, bytes }: WrittenLog,
  { say, signal, runs, members }: BenchmarkOptions & { runs: number; members: number },
): Promise<Findings<Figure>> {
  const { plane } = installation;
  const api = apiClient({ url: plane.apiUrl, token: installation.token, timeoutMs: WITHIN_MS });
  await eventually(
    'the members are listed',
    async () => {
      const { counts } = await api.call(getStatus, {});
      return (counts?.['members'] ?? 0) > 0;
    },
    { withinMs: WITHIN_MS },
  );
  say(
    `${events} events in ${commits} commits are in the log; waiting until the reactions have looked at the all of it`,
  );
  await caughtUp(installation.portOf('nats monitor'), 'management-controller-opening', signal);

  const nats = await connectAsService(installation, 'management-controller');
  const found: { rebuilt: number; raw: number; cpu: Record<string, number> }[] = [];
  for (let run = 0; run < runs; run++) {
    const raw = events / (await readRaw(nats, '_INBOX_management-controller'));
    const cpu = startCpuMeter({
      controller: installation.pidOf('management-controller'),
      postgres: installation.pidOf('postgres'),
      nats: installation.pidOf('nats-server'),
    });
    const { ms } = await api.call(rebuildProjections, {});
    found.push({ rebuilt: events / (ms / 1000), raw, cpu: cpu() });
    say(`run ${run + 1}: ${Math.round(events / (ms / 1000))} events/s; merely read: ${Math.round(raw)} events/s`);
  }
  await nats.close();
  const micros = (seconds = 0): number => (seconds * 1e6) / events;
  const sum = (cpu: Record<string, number>): number => Object.values(cpu).reduce((total, each) => total + each, 0);
  return {
    runs: {
      eventsPerSecond: found.map(({ rebuilt }) => rebuilt),
      ratioToRawRead: found.map(({ rebuilt, raw }) => rebuilt / raw),
      cpuMicrosecondsPerEvent: found.map(({ cpu }) => micros(sum(cpu))),
      managementControllerCpu: found.map(({ cpu }) => micros(cpu['controller'])),
      postgresCpu: found.map(({ cpu }) => micros(cpu['postgres'])),
      rawEventsPerSecond: found.map(({ raw }) => raw),
    },
    setting: { members, events, commits, logMB: Math.round(bytes / 1e6), natsServer: plane.versions.natsServer },
  };
}
