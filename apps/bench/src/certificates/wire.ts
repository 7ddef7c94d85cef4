import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { exportPrivateKey } from '@caravan/pki';
import type { IssuerCredential } from '@caravan/pki';

const CLIENTS = 16;
const PATH = '/api/v1/cfssl/sign';

/** A server that signs, on loopback. */
export interface WireServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Where `cfssl` is: `CFSSL_BIN`, else on `PATH` (Debian: golang-cfssl); undefined: nowhere. */
export function findCfssl(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const candidates = [env['CFSSL_BIN'], ...(env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'cfssl'))];
  return candidates.find((candidate) => candidate !== undefined && existsSync(candidate));
}

/** Ours, and cfssl's, under the same authority. */
export async function startWireServers(issuer: IssuerCredential, cfssl: string | undefined) {
  const directory = mkdtempSync(join(tmpdir(), 'caravan-wire-'));
  const [certificate, key, config] = ['ca.pem', 'ca.key', 'config.json'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(certificate, issuer.certificatePem);
  writeFileSync(key, exportPrivateKey(issuer.privateKey).reveal(), { mode: 0o600 });
  writeFileSync(
    config,
    JSON.stringify({ signing: { default: { expiry: '2160h', usages: ['digital signature', 'client auth'] } } }),
  );
  const ours = await startOurs(certificate, key);
  const theirs = cfssl === undefined ? undefined : await startCfssl(cfssl, { certificate, key, config });
  const stop = async () => {
    await Promise.all([ours.stop(), theirs?.stop()]);
    rmSync(directory, { recursive: true });
  };
  return { ours, theirs, stop };
}

async function startOurs(certificate: string, key: string): Promise<WireServer> {
  const script = fileURLToPath(new URL('./wire-server.js', import.meta.url)).replace('/src/', '/dist/');
  const child = spawn(process.execPath, [script, certificate, key], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { port: Number(line.toString()), stop: () => ended(child) };
}

async function startCfssl(
  binary: string,
  { certificate, key, config }: { certificate: string; key: string; config: string },
): Promise<WireServer> {
  const port = await freePort();
  const args = [
    'serve',
    '-address',
    '127.0.0.1',
    '-port',
    String(port),
    '-ca',
    certificate,
    '-ca-key',
    key,
    '-config',
    config,
  ];
  const child = spawn(binary, [...args, '-loglevel', '5'], { stdio: 'ignore' });
  for (let attempt = 0; attempt < 50; attempt++) {
    if (
      await post(port, {}, undefined).then(
        () => true,
        () => false,
      )
    )
      return { port, stop: () => ended(child) };
    await pause(100);
  }
  await ended(child);
  throw new Error('cfssl serve did not answer within five seconds');
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill();
  await once(child, 'exit');
}

/** How many a second, for sixteen clients that each wait for their answer. */
export async function wireRate({ port }: WireServer, csrs: readonly string[]): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const left = [...csrs];
  const start = performance.now();
  const client = async (): Promise<void> => {
    for (let csr = left.pop(); csr !== undefined; csr = left.pop()) {
      const { success } = (await post(port, { certificate_request: csr }, agent)) as { success: boolean };
      if (!success) throw new Error('a certificate was refused');
    }
  };
  try {
    await Promise.all(Array.from({ length: CLIENTS }, client));
    return csrs.length / ((performance.now() - start) / 1000);
  } finally {
    agent.destroy();
  }
}

function post(port: number, body: object, agent: Agent | undefined): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const call = request(
      { host: '127.0.0.1', port, path: PATH, method: 'POST', headers, ...(agent && { agent }) },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve(JSON.parse(text)));
      },
    );
    call.once('error', reject);
    call.end(JSON.stringify(body));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
