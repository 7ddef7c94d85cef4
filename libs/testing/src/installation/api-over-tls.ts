import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { createSecureContext } from 'node:tls';
import type { Credential } from '@caravan/api';
import { splitChain } from '@caravan/pki';
import type { TestInstallation } from './test-installation.js';

export interface Said {
  readonly status: number;
  /** Of a refusal. */
  readonly code?: string;
  readonly detail?: string;
}

/** One who asks the API over TLS, as `curl` would: with a certificate, a token, both or neither; over one connection as long as that lasts. */
export class ApiCaller {
  readonly #agent: Agent;
  readonly #sockets = new Set<unknown>();

  constructor(
    private readonly installation: TestInstallation,
    credential?: Credential,
    private readonly token?: string,
    /** PEM. */
    trust = readFileSync(installation.plane.trustFile, 'utf8'),
  ) {
    const secureContext = createSecureContext({
      ca: trust,
      allowPartialTrustChain: true,
      ...(credential && { cert: credential.chain.join(''), key: credential.key }),
    });
    this.#agent = new Agent({ keepAlive: true, maxSockets: 1, secureContext });
  }

  /** With what lies on disk for the administrator of this machine now. */
  static administrator(installation: TestInstallation): ApiCaller {
    return new ApiCaller(installation, administratorOf(installation));
  }

  /** @throws Error where there is no answer, or none from whom `trustFile` proves */
  ask(path = '/backbones'): Promise<Said> {
    const headers = this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
    return new Promise((resolve, reject) => {
      const url = `${this.installation.plane.apiTlsUrl}${path}`;
      const asked = request(url, { agent: this.#agent, headers, timeout: 20_000 }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const { code, detail } = JSON.parse(text) as Said;
          resolve({ status: answer.statusCode ?? 0, ...(code !== undefined && { code, detail: detail ?? '' }) });
        });
      });
      asked.once('socket', (socket) => this.#sockets.add(socket));
      asked.on('timeout', () => asked.destroy(new Error('no answer in 20 s')));
      asked.on('error', reject);
      asked.end();
    });
  }

  /** How many it took so far. */
  get connections(): number {
    return this.#sockets.size;
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** What lies on disk for the administrator of this machine. One of both files is replaced before the other: then they are read again. */
export function administratorOf(installation: TestInstallation): Credential {
  const { certFile, keyFile } = installation.plane.administrator;
  const [certificate, key] = [readFileSync(certFile, 'utf8'), readFileSync(keyFile, 'utf8')];
  const isPair = new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  return isPair ? { chain: splitChain(certificate), key } : administratorOf(installation);
}

/** What the API says once to whoever comes with that. */
export async function askApi(...how: ConstructorParameters<typeof ApiCaller>): Promise<Said> {
  const caller = new ApiCaller(...how);
  try {
    return await caller.ask();
  } finally {
    caller.close();
  }
}
