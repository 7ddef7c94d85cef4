import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ApiError,
  createAccessPoint,
  createBackbone,
  createInvitation,
  getStatus,
  listBackbones,
  listInvitations,
} from '@caravan/api';
import type { Backbone, Network, Part } from '@caravan/api';
import { eventually, Scene, TestInstallation } from '@caravan/testing/installation';
import { LogFiles, rewriteLog, withServerOn } from '@caravan/testing/servers';
import { Pool } from 'pg';

/** The services that write to the log, each with a witness, and where that keeps what it has seen. */
const SCHEMAS = { 'management-controller': 'management', 'cert-service': 'pki' } as const;
const SERVICES = ['management-controller', 'cert-service', 'router-config'] as const;
export type Writer = keyof typeof SCHEMAS;
export const WRITERS = Object.keys(SCHEMAS) as Writer[];

/** A management plane with some history, whose log is maltreated. */
export class LogStage {
  private readonly copies = mkdtempSync(join(tmpdir(), 'caravan-log-copies-'));
  readonly files: LogFiles;
  readonly pool: Pool;
  network!: Network;

  private constructor(
    readonly installation: TestInstallation,
    public scene: Scene,
  ) {
    this.files = new LogFiles(this.storeDir);
    this.pool = new Pool({ connectionString: installation.environmentOf('management-controller').DATABASE_URL! });
    this.pool.on('error', () => undefined);
  }

  /** Half of its history is kept as the copy `older`. */
  static async set(): Promise<LogStage> {
    const installation = await TestInstallation.start({ only: SERVICES });
    const stage = new LogStage(installation, new Scene(installation));
    try {
      await stage.makeHistory();
    } catch (error) {
      await stage.strike();
      throw error;
    }
    return stage;
  }

  private async makeHistory(): Promise<void> {
    const backbone = await this.scene.backbone('history');
    await this.accessPoints(backbone);
    this.network = await this.scene.network(backbone, 'history');
    await this.invite(10, 'early');
    await this.witnessed();
    await this.withoutNats(() => this.files.copyTo(this.copy('older')));
    await this.invite(20, 'late');
    await this.scene.network(backbone, 'more');
    await this.witnessed();
  }

  /** Where sites would come in, if there were any. */
  private async accessPoints(backbone: Backbone): Promise<void> {
    const { resource } = await this.scene.siteOnPaper(backbone, 'nowhere');
    const params = { backboneId: backbone.id, siteId: resource.id };
    for (const kind of ['claim', 'member'] as const) {
      const body = { name: kind, kind, bindHost: '127.0.0.1', host: '127.0.0.1', port: 1 };
      await this.scene.api.call(createAccessPoint, { params, body });
    }
  }

  async strike(): Promise<void> {
    await this.pool.end();
    await this.installation.stop();
    rmSync(this.copies, { recursive: true, force: true });
  }

  copy(name: 'older' | 'good'): string {
    return join(this.copies, name);
  }

  removeLog(): void {
    rmSync(this.storeDir, { recursive: true });
  }

  private get storeDir(): string {
    return join(this.installation.state.nats, 'jetstream');
  }

  private async invite(count: number, name: string): Promise<void> {
    const params = { networkId: this.network.id };
    for (let n = 0; n < count; n++) {
      await this.scene.api.call(createInvitation, { params, body: { name: `${name}-${n}` } });
    }
  }

  /** A command that anybody may give at any time, on a stream of its own: nothing but the log can be in its way. */
  write(name: string): Promise<{ id: string }> {
    return this.scene.api.call(createBackbone, { body: { name } });
  }

  /** The code and words with which it is refused. */
  async refusal(name: string): Promise<{ status: number; code: string; detail: string }> {
    const error = await this.write(name).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (error instanceof ApiError) return error.problem;
    throw error instanceof Error ? error : new Error(`${name} was written`);
  }

  async writable(name: string): Promise<void> {
    // Each time by another name: what was not answered may be written all the same.
    let attempt = 0;
    await eventually(`${name} is written`, () => this.write(`${name}-${attempt++}`).catch(() => undefined));
  }

  async backbones(): Promise<readonly string[]> {
    return (await this.scene.api.call(listBackbones, { query: { limit: 500 } })).items.map(({ name }) => name);
  }

  async invitations(): Promise<number> {
    const params = { networkId: this.network.id };
    return (await this.scene.api.call(listInvitations, { params, query: { limit: 500 } })).items.length;
  }

  /** What the reactions of both have put aside. */
  async quarantined(): Promise<readonly unknown[]> {
    const tables = Object.values(SCHEMAS).map((schema) => `SELECT * FROM ${schema}.reaction_quarantine`);
    const { rows } = await this.pool.query<object>(tables.join(' UNION ALL '));
    return rows;
  }

  /** What `caravan status` says of a service's witness, as soon as it has heard of it. */
  witnessOf(writer: Writer): Promise<Part> {
    return eventually(`${writer} says how its witness is`, async () => {
      const { parts } = await this.scene.api.call(getStatus, {});
      return parts.find(({ service, name }) => service === writer && name === 'log witness');
    });
  }

  /** Nothing is wrong, as far as the witnesses see. */
  async fine(): Promise<void> {
    await eventually('both witnesses are fine', async () => {
      const parts = await Promise.all(WRITERS.map((writer) => this.witnessOf(writer)));
      return parts.every(({ status }) => status === 'ok');
    });
  }

  alarmed(writer: Writer): Promise<Part> {
    return eventually(`${writer} notices`, async () => {
      const part = await this.witnessOf(writer);
      return part.code === 'log.diverged' ? part : undefined;
    });
  }

  async metrics(writer: Writer): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.installation.plane.healthPorts[writer]}/metrics`)).text();
  }

  /** When both have written down all that the lists know of. */
  async witnessed(): Promise<void> {
    await eventually('the log is witnessed', async () => {
      const { rows } = await this.pool.query<{ position: string }>(
        'SELECT position FROM management.projection_checkpoint',
      );
      const ends = await Promise.all(WRITERS.map((writer) => this.remembered(writer)));
      return ends.every((end) => end >= Number(rows[0]?.position));
    });
  }

  async remembered(writer: Writer): Promise<number> {
    const { rows } = await this.pool.query<{ last: string }>(
      `SELECT coalesce(max(sequence), 0) AS last FROM ${SCHEMAS[writer]}.log_checkpoint`,
    );
    return Number(rows[0]?.last);
  }

  /** As another replica would that has found something out. */
  async plantAlarm(writer: Writer): Promise<void> {
    await this.pool.query(
      `INSERT INTO ${SCHEMAS[writer]}.log_alarm (raised_at, sequence, says) VALUES (now(), 7, 'another replica saw it')`,
    );
  }

  async forgetAll(): Promise<void> {
    for (const writer of WRITERS)
      await this.pool.query(`TRUNCATE ${SCHEMAS[writer]}.log_checkpoint, ${SCHEMAS[writer]}.log_alarm`);
  }

  /** `kill -9`; resolves when it was started again. What served a connection of PostgreSQL may outlive it for a moment. */
  async kill(name: 'nats-server' | 'postgres'): Promise<void> {
    const before = this.pidOf(name);
    this.installation.killProcess(name);
    await eventually(`${name} is another process`, () => ![before, undefined].includes(this.pidOf(name)));
  }

  /** Undefined while there is none. */
  private pidOf(name: string): number | undefined {
    return existsSync(join(this.installation.state.run, `${name}.pid`)) ? this.installation.pidOf(name) : undefined;
  }

  /** With nats-server ended in good order. */
  async withoutNats(work: () => void | Promise<void>): Promise<void> {
    const start = await this.installation.takeDown('nats-server');
    await work();
    await start();
  }

  /** The log as it is now is kept as the copy `good`. */
  async damage(work: () => void | Promise<void>): Promise<void> {
    await this.withoutNats(() => {
      rmSync(this.copy('good'), { recursive: true, force: true });
      this.files.copyTo(this.copy('good'));
      return work();
    });
  }

  /** Another log with as many entries, in files that are in order: one of them says something else, which no reader takes. */
  rewrite(): Promise<void> {
    let changed = false;
    return withServerOn(this.storeDir, 'MGMT', (nc) =>
      rewriteLog(nc, ({ bytes }) => {
        const text = Buffer.from(bytes).toString();
        if (changed || !text.includes('"early-3"')) return bytes;
        changed = true;
        return Buffer.from(text.replaceAll('"early-3"', '"EARLY-3"'));
      }),
    );
  }

  /** Readers that have seen more than there is now wait in vain: those who accept a shorter log begin anew. */
  forgetPosition(): void {
    this.scene = new Scene(this.installation);
  }

  async repair(): Promise<void> {
    await this.withoutNats(() => this.files.restoreFrom(this.copy('good')));
    await this.restart();
  }

  /** The services: what has halted begins anew. */
  async restart(): Promise<void> {
    const starts = await Promise.all(SERVICES.map((service) => this.installation.takeDown(service)));
    await Promise.all(starts.map((start) => start()));
  }
}
