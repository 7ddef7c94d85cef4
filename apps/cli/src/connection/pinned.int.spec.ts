import { createHash, X509Certificate } from 'node:crypto';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { createServer } from 'node:tls';
import { afterAll, describe, expect, it } from 'vitest';
import { issue, makeAuthority, makeRoot } from '@caravan/testing/data-plane';
import { failureOf } from '../failures/failure.js';
import { pinFor, pinned } from './pinned.js';

const root = makeRoot();
const authority = makeAuthority(root, 'managementCa', 'management');
const leaf = issue(authority, 'apiServer', { hosts: ['localhost'] });
const closing: Server[] = [];

async function at(server: Server): Promise<string> {
  closing.push(server);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return `https://localhost:${(server.address() as AddressInfo).port}/api/v1`;
}
const showing = (cert: string) => at(createServer({ cert, key: leaf.key }));
const codeOf = (asked: Promise<unknown>) => asked.then(String, (error: unknown) => failureOf(error).code);
const derOf = (pem: string) => new X509Certificate(pem).raw;
const pinOf = (pem: string) => createHash('sha256').update(derOf(pem)).digest('base64url');

describe('by what those who join know an API', () => {
  afterAll(() => closing.forEach((server) => server.close()));

  it('is the certificate of who signed its own, as it shows it', async () => {
    const url = await showing(leaf.chain + authority.certificatePem);
    const pin = await pinFor(url, authority.certificatePem);
    expect(pin).toBe(pinOf(authority.certificatePem));
    expect(derOf(await pinned(url, pin!))).toEqual(derOf(authority.certificatePem));
  });

  it('is nothing that only whoever invites has: it has to be shown', async () => {
    const url = await showing(leaf.chain);
    expect(await codeOf(pinFor(url, authority.certificatePem))).toBe('api.chain-not-shown');
  });

  it('is not looked for at an API that is not trusted here', async () => {
    const url = await showing(leaf.chain + authority.certificatePem);
    expect(await codeOf(pinFor(url, undefined))).toBe('api.not-trusted');
    expect(await codeOf(pinFor(url, makeAuthority(root, 'managementCa', 'another').certificatePem))).toBe(
      'api.not-trusted',
    );
    expect(await codeOf(pinFor(url.replace('localhost', '127.0.0.1'), authority.certificatePem))).toMatch(/^api\./);
  });

  it('is refused where another is shown', async () => {
    const url = await showing(leaf.chain + authority.certificatePem);
    expect(await codeOf(pinned(url, 'A'.repeat(43)))).toBe('api.not-trusted');
  });

  it('is told from nobody there, and from somebody who speaks otherwise or hangs up', async () => {
    const hangsUp = await at(createTcpServer((socket) => socket.destroy()));
    const speaksPlain = await at(createTcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    for (const url of [hangsUp, speaksPlain, 'https://localhost:1/api/v1'])
      expect([url, await codeOf(pinFor(url, undefined))]).toEqual([url, 'api.unreachable']);
  });
});
