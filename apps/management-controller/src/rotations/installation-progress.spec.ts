import { describe, expect, it } from 'vitest';
import type { InstallationTrustReply, RotationPhase } from '@caravan/events';
import type { SystemConnection } from '../site-access/system-connection.js';
import type { ApiOverTls } from '../callers/api-over-tls.js';
import { InstallationProgress } from './installation-progress.js';
import { established, Rotating } from './rotating.fixture.js';

type Server = InstallationTrustReply['servers'][number];
const server = (accepts: number[], shows: number | null, problem: string | null = null): Server => ({
  ...{ server: 'nats:4222', accepts, shows, problem },
});
const WRITTEN = '2026-03-01T12:00:00.000Z';

/** The management plane as it answers: cert-service, and a nats-server in its system account. */
class Answers {
  servers: Server[] = [];
  files: InstallationTrustReply['files'] = null;
  isAway = false;
  loadedAt = '2026-03-01T11:00:00.000Z';
  connections: object[] = [];
  readonly reloaded: string[] = [];
  /** Of the API over TLS, which is not there unless it presents something. Fingerprints. */
  accepted: string[] = [];
  presented: string[] = [];
  readonly rotating = new Rotating();
  readonly progress: InstallationProgress;

  constructor() {
    const nats = {
      request: () => {
        if (this.isAway) return Promise.reject(new Error('timeout'));
        return Promise.resolve({ json: () => ({ files: this.files, servers: this.servers }) });
      },
    };
    const system = {
      request: (subject: string) => Promise.resolve(void this.reloaded.push(subject)),
      requestMany: (subject: string) => Promise.resolve(this.#many(subject)),
    };
    const api = { accepts: () => this.accepted, presents: () => this.presented };
    this.progress = new InstallationProgress(
      nats as never,
      { get: () => system } as unknown as SystemConnection,
      this.rotating.directory,
      api as unknown as ApiOverTls,
      { now: () => this.rotating.now },
      { log: { info: () => undefined } } as never,
    );
    this.rotating.directory.apply(established('root', 2));
    this.rotating.directory.apply(established('management', 2));
  }

  async waits(phase: RotationPhase): Promise<string[]> {
    this.rotating.now = new Date(this.rotating.now.getTime() + 60_000);
    return (await this.progress.waitingFor({ ordinal: 2, phase })).map(({ what, detail }) => `${what}: ${detail}`);
  }

  #many(subject: string): Iterable<{ json(): unknown }> {
    const of = { server: { id: 'SERVER' } };
    const answer = subject.endsWith('VARZ')
      ? { ...of, data: { config_load_time: this.loadedAt } }
      : { ...of, data: { connections: this.connections } };
    return [{ json: () => answer }];
  }
}

describe('the rotation of the installation waits for nats-servers', () => {
  it('that do not accept the next, do not show it, or still accept the last', async () => {
    const answers = new Answers();
    const says = async (phase: RotationPhase, ...servers: Server[]) => {
      answers.servers = servers;
      return answers.waits(phase);
    };
    expect(await says('trust', server([1], 1))).toEqual([
      expect.stringMatching(/nats:4222: does not accept .*cert-service init/),
    ]);
    expect(await says('trust', server([2, 1], 1))).toEqual([]);
    expect(await says('listeners', server([2, 1], 1))).toEqual([
      expect.stringMatching(/proves itself by an authority older than 2/),
    ]);
    expect(await says('listeners', server([2, 1], 2), server([], null, 'nothing listens'))).toEqual([
      'nats-server nats:4222: cannot be looked at: nothing listens',
    ]);
    expect(await says('retire', server([2, 1], 2))).toEqual([
      expect.stringMatching(/still accepts whom root 1 leads to/),
    ]);
    expect(await says('retire', server([2], 2))).toEqual([]);
    expect(await says('retire')).toEqual([]); // NATS without TLS
  });

  it('and has those read their files again that have not since they were written', async () => {
    const answers = new Answers();
    answers.servers = [server([1], 1)];
    answers.files = { ordinal: 1, phase: null, since: WRITTEN };
    expect(await answers.waits('trust')).toContain('cert-service: has not written the credential files yet');
    expect(answers.reloaded).toEqual([]);
    answers.files = { ordinal: 2, phase: 'trust', since: WRITTEN };
    await answers.waits('trust');
    expect(answers.reloaded).toEqual(['$SYS.REQ.SERVER.SERVER.RELOAD']);
    answers.loadedAt = '2026-03-01T12:00:00.500Z';
    await answers.waits('trust');
    answers.servers = [server([2, 1], 1)];
    answers.loadedAt = WRITTEN;
    await answers.waits('trust');
    expect(answers.reloaded).toHaveLength(1);
  });

  it('while nobody can say how they are', async () => {
    const answers = new Answers();
    answers.isAway = true;
    expect(await answers.waits('trust')).toEqual([
      expect.stringMatching(/cannot be looked at: .*cert-service does not answer/),
    ]);
  }, 20_000);
});

describe('the rotation of the installation waits for the API over TLS', () => {
  it('until it accepts the next, shows it, and accepts the last no more', async () => {
    const answers = new Answers();
    answers.rotating.directory.apply(established('management', 1));
    const [one, two] = ['fingerprint of management 1', 'fingerprint of management 2'];
    const says = async (phase: RotationPhase, accepted: string[], ...presented: string[]) => {
      Object.assign(answers, { accepted, presented });
      return answers.waits(phase);
    };
    expect(await says('trust', [one], 'leaf', one)).toEqual([
      expect.stringMatching(/^the API over TLS: does not accept whom root 2/),
    ]);
    expect(await says('trust', [two, one], 'leaf', one)).toEqual([]);
    expect(await says('listeners', [two, one], 'leaf', one)).toEqual([
      expect.stringMatching(/^the API over TLS: proves itself by an authority older than 2/),
    ]);
    expect(await says('listeners', [two, one], 'leaf', two)).toEqual([]);
    expect(await says('retire', [two, one], 'leaf', two)).toEqual([expect.stringMatching(/still accepts .*root 1/)]);
    expect(await says('retire', [two], 'leaf', two)).toEqual([]);
    expect(await says('retire', [two], 'leaf of a public authority')).toEqual([]);
    expect(await says('trust', ['a public authority'], 'leaf', two)).toEqual([]);
    expect(await says('trust', [])).toEqual([]); // there is none
  });
});

describe('the rotation of the installation waits for services', () => {
  it('that are connected by an authority of before, each once', async () => {
    const answers = new Answers();
    const [old, next] = ['fingerprint of management 1', 'fingerprint of management 2'].map((cert_sha256) => ({
      cert_sha256,
    }));
    answers.connections = [
      { name: 'router-config', tls_peer_certs: [{ cert_sha256: 'leaf' }, old] },
      { name: 'router-config', tls_peer_certs: [{ cert_sha256: 'leaf' }, old] },
      { name: 'cert-service', tls_peer_certs: [{ cert_sha256: 'leaf' }, next] },
      { name: 'without TLS' },
    ];
    expect(await answers.waits('diallers')).toEqual([expect.stringMatching(/^router-config: is connected/)]);
    answers.connections = [];
    expect(await answers.waits('diallers')).toEqual([]);
  });
});
