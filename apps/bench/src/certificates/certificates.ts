import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { LOG_STREAM } from '@caravan/event-store/jetstream';
import { connectAsService } from '@caravan/testing/installation';
import type { TestInstallation } from '@caravan/testing/installation';
import { benchmark } from '../benchmark.js';
import type { BenchmarkOptions, Findings } from '../benchmark.js';
import { caughtUp } from '../stage/backlog.js';
import { startCpuMeter } from '../stage/cpu.js';
import { appendCommits, writeLog } from '../stage/log-writer.js';
import { onStage } from '../stage/stage.js';
import { standBeside } from './beside.js';
import type { Beside } from './beside.js';
import { rawSignatureMs } from './raw-signatures.js';
import { ground, requests } from './requests.js';

const SIZES = {
  full: { runs: 5, certificates: 3_000, signatures: 20_000, inMemory: 10_000, peculiar: 1_000, wire: 4_000 },
  tiny: { runs: 1, certificates: 20, signatures: 500, inMemory: 50, peculiar: 20, wire: 40 },
};
const REACTION = 'cert-service-issuing';

const FIGURES = {
  perSecond: 'in memory: CSR in, chain out, by one thread',
  ratioToPeculiar: 'of that, to `@peculiar/x509` doing the same in the same round',
  ratioToRawSign: 'of that, to bare `crypto.sign` in the same round',
  wirePerSecond: 'of one process over HTTP, for 16 clients that wait: CSR in, chain out',
  ratioToCfssl: 'of that, to `cfssl serve` with the same requests, authority and clients in the same round',
  servedPerSecond: 'from the request in the log to the certificate in the log, with its row in PostgreSQL',
  cpuMsPerCertificate: 'of cert-service',
  cpuRatioToRawSignature: 'of that, to the CPU for a mere P-256 signature in the same round',
  rawSignatureMs: 'CPU for one, nothing else',
  natsServerCpuMs: 'for each certificate',
  postgresCpuMs: 'for each certificate',
};
type Figure = keyof typeof FIGURES;

/** A real cert-service that finds requests in the log, under authorities that it has open. */
export const certificates = benchmark({
  name: 'certificates',
  about: 'certificates that cert-service issues',
  figures: FIGURES,
  aims: { ratioToPeculiar: { atLeast: 8 }, ratioToRawSign: { atLeast: 0.15 }, ratioToCfssl: { atLeast: 0.5 } },
  optional: ['ratioToCfssl'],

  run: (options) =>
    onStage(
      options,
      {
        only: ['cert-service'],
        prepare: async (state) => void (await writeLog(state, ground(new Date('2026-01-01T00:00:00Z')))),
      },
      (installation) => measured(installation, options),
    ),
});

async function measured(
  installation: TestInstallation,
  { size, say, signal }: BenchmarkOptions,
): Promise<Findings<Figure>> {
  const { runs, certificates: count, signatures } = SIZES[size];
  const found: (Issued & Beside)[] = [];
  const beside = await standBeside(say);
  // The first warms up, and opens the authorities.
  try {
    for (let run = 0; run <= runs; run++) {
      const raw = rawSignatureMs(signatures);
      const besides = await beside.round(SIZES[size]);
      signal.throwIfAborted();
      const issued = { raw, ...besides, ...(await issue(installation, count, `run ${run}`, signal)) };
      if (run > 0) found.push(issued);
      const { perSecond, inMemory, cpuMs } = issued;
      const served = `${Math.round(perSecond)}/s served, ${cpuMs.certService.toFixed(2)} ms each`;
      say(`${run === 0 ? 'warming up' : `run ${run}`}: ${Math.round(inMemory)}/s in memory, ${served}`);
    }
  } finally {
    await beside.stop();
  }
  return {
    runs: {
      perSecond: found.map(({ inMemory }) => inMemory),
      ratioToPeculiar: found.map(({ inMemory, peculiar }) => inMemory / peculiar),
      ratioToRawSign: found.map(({ inMemory, rawSign }) => inMemory / rawSign),
      wirePerSecond: found.map(({ wire }) => wire),
      ratioToCfssl: found.flatMap(({ wire, cfssl }) => (cfssl === undefined ? [] : wire / cfssl)),
      servedPerSecond: found.map(({ perSecond }) => perSecond),
      cpuMsPerCertificate: found.map(({ cpuMs }) => cpuMs.certService),
      cpuRatioToRawSignature: found.map(({ cpuMs, raw }) => cpuMs.certService / raw),
      rawSignatureMs: found.map(({ raw }) => raw),
      natsServerCpuMs: found.map(({ cpuMs }) => cpuMs.natsServer),
      postgresCpuMs: found.map(({ cpuMs }) => cpuMs.postgres),
    },
    setting: { ...SIZES[size], natsServer: installation.plane.versions.natsServer },
  };
}

interface Issued {
  readonly raw: number;
  readonly perSecond: number;
  readonly cpuMs: Readonly<Record<'certService' | 'natsServer' | 'postgres', number>>;
}

/** Requests gather in the log while cert-service stands still; then it goes on, and is alone with them. */
async function issue(
  installation: TestInstallation,
  count: number,
  batch: string,
  signal: AbortSignal,
): Promise<Omit<Issued, 'raw'>> {
  const commits = requests(count, batch, new Date());
  const nats = await connectAsService(installation, 'management-controller');
  await installation.freeze('cert-service');
  await appendCommits(nats, commits);
  const before = await lengthOfLog(nats);
  const read = startCpuMeter({
    certService: installation.pidOf('cert-service'),
    natsServer: installation.pidOf('nats-server'),
    postgres: installation.pidOf('postgres'),
  });
  const start = performance.now();
  installation.thaw('cert-service');
  await caughtUp(installation.portOf('nats monitor'), REACTION, signal);
  const perSecond = count / ((performance.now() - start) / 1000);
  const { certService, natsServer, postgres } = read();
  const issued = (await lengthOfLog(nats)) - before;
  await nats.close();
  if (issued < count) throw new Error(`${issued} certificates came of ${count} requests`);
  const each = (seconds: number): number => (seconds * 1000) / count;
  return {
    perSecond,
    cpuMs: { certService: each(certService), natsServer: each(natsServer), postgres: each(postgres) },
  };
}

async function lengthOfLog(nats: NatsConnection): Promise<number> {
  const manager = await jetstreamManager(nats, { checkAPI: false });
  return (await manager.streams.info(LOG_STREAM)).state.last_seq;
}
