import { setTimeout as pause } from 'node:timers/promises';
import { closingStatementSchema, getClosingStatement, getNetwork, getRevocation, revoke } from '@caravan/api';
import type { ClosingStatement, Network } from '@caravan/api';
import { Scene } from '@caravan/testing/installation';
import type { TestInstallation } from '@caravan/testing/installation';
import { benchmark } from '../benchmark.js';
import type { BenchmarkOptions, Findings } from '../benchmark.js';
import { joinDirectly } from '../joins/simulated-join.js';
import { crowd } from '../stage/crowd.js';
import { inScratch } from '../stage/scratch.js';
import { onStage } from '../stage/stage.js';

const SIZES = { full: { members: 1_000, times: 3 }, tiny: { members: 10, times: 1 } };
const LOOK_EVERY_MS = 25;

const FIGURES = {
  completeMs: 'from the request until there is a statement that every relay confirmed and nothing is left',
  enforcedMs: 'of that, until the last relay was heard',
  goneMs: 'of that, until members, invitations and names were gone',
  statementMs: 'of that, to state and sign it, with every certificate',
  statementKiB: 'how long the statement is',
};
type Figure = keyof typeof FIGURES;

/** Whole networks are shown out. */
export const evictions = benchmark({
  name: 'evictions',
  about: 'a network that is evicted with all its members, until the statement of it is complete',
  figures: FIGURES,
  aims: { completeMs: { atMost: 5_000 } },

  run: (options) => onStage(options, {}, (installation) => inScratch((dir) => measured(installation, dir, options))),
});

async function measured(
  installation: TestInstallation,
  dir: string,
  { size, say }: BenchmarkOptions,
): Promise<Findings<Figure>> {
  const { members, times } = SIZES[size];
  const scene = new Scene(installation);
  const backbone = await scene.backbone('bench');
  const [east, west] = [await scene.backboneSite(backbone, 'east'), await scene.backboneSite(backbone, 'west')];
  await scene.link(east, west);
  const runs: Record<Figure, number[]> = {
    completeMs: [],
    enforcedMs: [],
    goneMs: [],
    statementMs: [],
    statementKiB: [],
  };
  for (let n = 1; n <= times; n++) {
    const network = await scene.network(backbone, `crowd-${n}`);
    const invitation = await scene.invitation(network, { name: 'crowd', instanceLimit: null });
    const file = await scene.invitationFile(invitation);
    await crowd(members, () => joinDirectly(installation, file, dir));
    const found = await evicted(scene, network, members);
    say(`a network of ${members} was gone, and stated to be, after ${Math.round(found.completeMs)} ms`);
    for (const figure of Object.keys(FIGURES) as Figure[]) runs[figure].push(found[figure]);
  }
  return { runs, setting: { ...SIZES[size], natsServer: installation.plane.versions.natsServer } };
}

async function evicted({ api }: Scene, { id }: Network, members: number): Promise<Record<Figure, number>> {
  const asked = performance.now();
  const { id: revocationId } = await api.call(revoke, { body: { kind: 'network', id, reason: 'unspecified' } });
  const params = { revocationId };
  while ((await api.call(getRevocation, { params })).status !== 'enforced') await pause(LOOK_EVERY_MS);
  while ((await api.call(getNetwork, { params: { networkId: id } })).deletedAt === null) await pause(LOOK_EVERY_MS);
  const gone = performance.now();
  const { signed } = await api.call(getClosingStatement, { params });
  const stated = performance.now();
  const statement = statementIn(signed);
  const certificates = statement.certificates.filter(({ kind }) => kind === 'member').length;
  const { requestedAt, enforcedAt, goneAt, unconfirmed, confirmed } = statement;
  if (
    enforcedAt === null ||
    goneAt === null ||
    unconfirmed.length > 0 ||
    confirmed.length < 2 ||
    certificates < members
  )
    throw new Error(`the statement is not complete: ${JSON.stringify({ ...statement, certificates })}`);
  return {
    completeMs: stated - asked,
    enforcedMs: Date.parse(enforcedAt) - Date.parse(requestedAt),
    goneMs: Date.parse(goneAt) - Date.parse(requestedAt),
    statementMs: stated - gone,
    statementKiB: signed.length / 1_024,
  };
}

/** Who has signed it is not asked here. */
const statementIn = (signed: string): ClosingStatement =>
  closingStatementSchema.parse(JSON.parse(Buffer.from(signed.split('.')[1] ?? '', 'base64url').toString('utf8')));
