import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportPrivateKey, generateKeyPair, issueCertificate, randomSerial, selfSignRoot } from '@caravan/pki';
import { CA_EXTENSIONS, OwnRoot } from '@caravan/testing/servers';
import { Refused, taken } from './cluster-resource.fixture.js';
import type { Kept } from './cluster-resource.fixture.js';

const COLLECTION = /^\/apis\/cert-manager\.io\/v1\/namespaces\/([a-z0-9-]+)\/certificaterequests(?:\/([a-z0-9.-]+))?$/;
const seconds = (at = new Date()): string => at.toISOString().replace(/\.\d+Z$/, 'Z');

/**
 * What stands in for a Kubernetes API server with cert-manager in it: the one resource that is used, and what an approver and the CA issuer
 * do with it when they are told to. Errors are `Status` objects of `meta/v1`.
 */
export class Cluster {
  readonly kept = new Map<string, Kept>();
  /** What was asked for, each call. */
  readonly calls: string[] = [];
  token = 'a-service-account';
  /** What every call is answered, instead. */
  trouble: { readonly code: number; readonly reason: string; readonly message: string } | undefined;
  /** Of the API server. */
  credential = { key: '', cert: '' };
  #server: Server | undefined;

  constructor(readonly own = new OwnRoot()) {}

  /** Serves on loopback; resolves with the variables of cert-service. */
  async open() {
    const now = new Date();
    const ca = generateKeyPair();
    const root = selfSignRoot({ commonName: 'kubernetes', keyPair: ca, serial: randomSerial(), now }).certificatePem;
    const keys = generateKeyPair();
    const { certificatePem: cert } = issueCertificate({
      ...{
        profile: 'natsServer',
        issuer: { certificatePem: root, privateKey: ca.privateKey },
        publicKey: keys.publicKey,
      },
      ...{ commonName: 'kube-apiserver', hosts: ['127.0.0.1'], installation: 'cluster', serial: randomSerial(), now },
    });
    writeFileSync(this.own.at('token'), `${this.token}\n`);
    writeFileSync(this.own.at('ca.crt'), root);
    this.credential = { cert, key: exportPrivateKey(keys.privateKey).reveal() };
    this.#server = createServer(this.credential, (request, response) => {
      void this.#answer(request).then(({ code, body }) => {
        response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => this.#server!.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    return {
      KUBERNETES_API_URL: `https://127.0.0.1:${port}`,
      KUBERNETES_TOKEN_FILE: this.own.at('token'),
      KUBERNETES_CA_FILE: this.own.at('ca.crt'),
    };
  }

  async close(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
    this.own.remove();
  }

  /** What its CA issuer does with whatever waits: it leaves the path length out, and takes over usages and duration. */
  sign(): void {
    for (const each of this.kept.values()) {
      if (each.status.conditions) continue;
      const csr = Buffer.from(each.spec.request, 'base64').toString();
      const days = Math.floor(Number.parseInt(each.spec.duration ?? '2160h', 10) / 24);
      const certificate = this.own.sign(csr, { extensions: CA_EXTENSIONS, days });
      const [Approved, Ready] = [
        {
          type: 'Approved',
          status: 'True',
          reason: 'cert-manager.io',
          message: 'Certificate request has been approved by cert-manager.io',
        },
        { type: 'Ready', status: 'True', reason: 'Issued', message: 'Certificate fetched from issuer successfully' },
      ] as const;
      const ca = Buffer.from(this.own.text('root.pem')).toString('base64');
      each.status = { conditions: [Approved, Ready], certificate: Buffer.from(certificate).toString('base64'), ca };
    }
  }

  /** An approver says no. */
  deny(message: string): void {
    for (const each of this.kept.values()) {
      if (each.status.conditions) continue;
      const [Denied, Ready] = [
        { type: 'Denied', status: 'True', reason: 'policy.cert-manager.io', message },
        {
          type: 'Ready',
          status: 'False',
          reason: 'Denied',
          message: 'The CertificateRequest was denied by an approval controller',
        },
      ] as const;
      each.status = { conditions: [Denied, Ready], failureTime: seconds() };
    }
  }

  async #answer(request: IncomingMessage): Promise<{ code: number; body: unknown }> {
    try {
      return { code: request.method === 'POST' ? 201 : 200, body: await this.#handle(request) };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { code, reason, message } = error;
      return {
        code,
        body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code },
      };
    }
  }

  async #handle(request: IncomingMessage): Promise<unknown> {
    const url = new URL(request.url ?? '/', 'https://cluster');
    this.calls.push(`${request.method} ${url.pathname}`);
    if (request.headers.authorization !== `Bearer ${this.token}`)
      throw new Refused(401, 'Unauthorized', 'Unauthorized');
    if (this.trouble) throw new Refused(this.trouble.code, this.trouble.reason, this.trouble.message);
    const [, namespace, name] = COLLECTION.exec(url.pathname) ?? [];
    if (namespace === undefined) throw new Refused(404, 'NotFound', 'the server could not find the requested resource');
    if (request.method === 'POST') return this.#create(namespace, await textOf(request));
    if (name === undefined) return { items: this.#list(url.searchParams.get('labelSelector') ?? '') };
    const found = this.kept.get(name);
    if (!found) throw new Refused(404, 'NotFound', `certificaterequests.cert-manager.io "${name}" not found`);
    return found;
  }

  #list(selector: string): Kept[] {
    const [key = '', value] = selector.split('=');
    return [...this.kept.values()].filter(({ metadata }) => selector === '' || metadata.labels?.[key] === value);
  }

  #create(namespace: string, text: string): Kept {
    const body = taken(text, namespace, this.own);
    const { metadata } = body;
    if (this.kept.has(metadata.name)) {
      const message = `certificaterequests.cert-manager.io "${metadata.name}" already exists`;
      throw new Refused(409, 'AlreadyExists', message);
    }
    const kept = {
      ...body,
      metadata: { ...metadata, uid: randomUUID(), creationTimestamp: seconds() },
      status: {},
    };
    this.kept.set(metadata.name, kept);
    return kept;
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
