import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Backbone } from '@caravan/api';
import { whileFrozen } from '@caravan/testing';
import { connectAsService, descendantsOf, programOf, Scene, TestInstallation } from '@caravan/testing/installation';
import type { BackboneSiteOnStage } from '@caravan/testing/installation';
import { LogOfTest } from './log-of-test.js';

export const SERVICES = ['management-controller', 'cert-service', 'router-config'] as const;

/** How a request was answered, and after how long. */
export interface Answered {
  readonly status: number;
  readonly code: string | undefined;
  readonly retryAfter: string | null;
  readonly ms: number;
}

/** A whole installation with a backbone site, of which things are taken away. */
export class AwayStage {
  /** The names of backbones whose creation was acknowledged. */
  readonly acknowledged: string[] = [];
  private writes = 0;

  private constructor(
    readonly installation: TestInstallation,
    readonly scene: Scene,
    readonly backbone: Backbone,
    readonly east: BackboneSiteOnStage,
  ) {}

  static async set(): Promise<AwayStage> {
    const installation = await TestInstallation.start();
    try {
      const scene = new Scene(installation);
      const backbone = await scene.backbone('away');
      return new AwayStage(installation, scene, backbone, await scene.backboneSite(backbone, 'east'));
    } catch (error) {
      await installation.stop();
      throw error;
    }
  }

  /** Does the work while these are not there; ended in good order, and started again. */
  async without(names: readonly string[], work: () => Promise<void>): Promise<void> {
    const starts: (() => Promise<void>)[] = [];
    for (const name of names) starts.push(await this.installation.takeDown(name));
    try {
      await work();
    } finally {
      await Promise.all(starts.map((start) => start()));
    }
  }

  /** Does the work while a process and all below it are there and answer nothing. */
  async frozen(name: string, work: () => Promise<void>): Promise<void> {
    const pid = this.installation.pidOf(name);
    await whileFrozen([pid, ...descendantsOf(pid)], work);
  }

  /** Does the work while a relay is there and does nothing; it is the same one that goes on then. */
  async frozenRelay(of: 'management site' | 'east', work: () => Promise<void>): Promise<void> {
    const relays = (): number[] =>
      of === 'east' ? [this.east.site.pid('relay') ?? -1] : this.relaysOfManagementSite();
    const [relay = -1] = relays();
    if (relay < 1) throw new Error(`the relay of ${of} does not run`);
    await whileFrozen([relay], work);
    if (relays().join() !== `${relay}`) throw new Error(`the relay of ${of} was ${relay} and is ${relays().join()}`);
  }

  async request(method: string, path: string, body?: object): Promise<Answered> {
    const { plane, token } = this.installation;
    const start = performance.now();
    const answer = await fetch(plane.apiUrl + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const { code } = (text === '' ? {} : JSON.parse(text)) as { code?: string };
    const ms = performance.now() - start;
    return { status: answer.status, code, retryAfter: answer.headers.get('retry-after'), ms };
  }

  /** A command on a stream of its own. */
  async write(): Promise<Answered> {
    const name = `write-${++this.writes}`;
    const answered = await this.request('POST', '/backbones', { name });
    // The lists being behind, what was written is safe: so it was answered.
    if (answered.status === 201 || answered.code === 'projection.behind') this.acknowledged.push(name);
    return answered;
  }

  /** `kill -9` of the management site's relay, if it runs just now: its supervisor starts it again. */
  killRelayOfManagementSite(): void {
    for (const pid of this.relaysOfManagementSite()) process.kill(pid, 'SIGKILL');
  }

  private relaysOfManagementSite(): number[] {
    const below = descendantsOf(this.installation.pidOf('site-management'));
    return below.filter((pid) => programOf(pid) === 'relay/main');
  }

  pids(): Record<string, number> {
    return Object.fromEntries(SERVICES.map((name) => [name, this.installation.pidOf(name)]));
  }

  /** Leaves nats-server so much room beyond what it has used; undefined: as much as there is. */
  async limitLog(bytes: number | undefined): Promise<void> {
    const file = join(this.installation.state.nats, 'nats-server.conf');
    const config = readFileSync(file, 'utf8').replace(/\n {2}max_file_store: \d+/, '');
    const limit = bytes === undefined ? '' : `\n  max_file_store: ${(await this.logBytes()) + bytes}`;
    await this.without(['nats-server'], async () => {
      writeFileSync(file, config.replace('\n  sync_interval: always', `${limit}\n  sync_interval: always`));
    });
  }

  private async logBytes(): Promise<number> {
    const log = new LogOfTest(await connectAsService(this.installation, 'management-controller'));
    try {
      return await log.bytes();
    } finally {
      await log.close();
    }
  }
}
