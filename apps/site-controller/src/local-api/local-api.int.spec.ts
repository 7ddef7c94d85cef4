import { readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { getLocalState, siteApiFileSchema, siteRoutes } from '@caravan/api';
import { LISTENER_ID, PID, useLocalApis } from './local-api.fixture.js';

describe('the local API of a site', () => {
  const apis = useLocalApis();

  it('says where it is, to whoever may read the directory, and is there again after a restart', async () => {
    const { dir, url, site } = await apis.opened();
    const file = siteApiFileSchema.parse(JSON.parse(readFileSync(join(dir, 'api.json'), 'utf8')));
    expect(file).toEqual({ url, tokenFile: join(dir, 'api.token'), pid: PID });
    expect((statSync(file.tokenFile).mode & 0o777).toString(8)).toBe('600');
    await apis.servers.pop()?.close();
    await site.stop();
    expect((await apis.opened(undefined, dir)).url).toBe(url);
  });

  it('gives way to a program that has taken its port', async () => {
    const { dir, url, site } = await apis.opened();
    await site.stop();
    const again = await apis.opened(undefined, dir);
    expect(again.url).not.toBe(url);
    expect(await again.call(getLocalState, {})).toMatchObject({ role: 'member' });
  });

  it('lets nobody in without the token', async () => {
    const { url, token } = await apis.opened();
    for (const authorization of [
      undefined,
      'Bearer wrong',
      `Basic ${token}`,
      `Bearer ${token}x`,
      `Bearer ${token} x`,
    ]) {
      const paths = [...siteRoutes.map(({ path }) => path), '/openapi.json', '/nothing'];
      for (const path of paths) {
        const answer = await fetch(url + path, authorization === undefined ? {} : { headers: { authorization } });
        expect([path, answer.status]).toEqual([path, 401]);
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
        expect(await answer.json()).toMatchObject({ code: 'request.unauthenticated', status: 401 });
      }
    }
    expect((await fetch(`${url}/state`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
  });

  it('describes itself, operation by operation', async () => {
    const { url, token } = await apis.opened();
    const answer = await fetch(`${url}/openapi.json`, { headers: { authorization: `Bearer ${token}` } });
    const document = (await answer.json()) as { openapi: string; paths: Record<string, Record<string, unknown>> };
    expect(document.openapi).toBe('3.1.0');
    for (const { method, path } of siteRoutes) expect(document.paths[path]).toHaveProperty(method.toLowerCase());
  });

  it.each([
    ['no JSON', '{', 'request.not-json', 400],
    ['a wrong port', '{"address":"a","port":0}', 'request.invalid', 400],
    ['a field that is not known', '{"address":"a","port":80,"networkId":"other"}', 'request.invalid', 400],
    ['the reserved address', '{"address":"caravan.control","port":80}', 'request.invalid', 400],
    ['more than it reads', JSON.stringify({ address: 'a'.repeat(70_000) }), 'request.too-large', 413],
  ])('refuses a body with %s', async (_, body, code, status) => {
    const { url, token } = await apis.joined();
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${url}/listeners`, { method: 'POST', headers, body });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ code, status });
    expect(apis.plane.commands).toEqual([]);
  });

  it('refuses a body that is too large and does not say so, an id that is none, and a path that is not there', async () => {
    const { url, token } = await apis.joined();
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const stream = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode(`"${'a'.repeat(100_000)}"`));
        controller.close();
      },
    });
    const streamed = await fetch(`${url}/listeners`, {
      method: 'POST',
      headers,
      body: stream,
      duplex: 'half',
    });
    expect(streamed.status).toBe(413);
    expect((await fetch(`${url}/listeners/7`, { headers })).status).toBe(400);
    const nothing = await fetch(`${url}/members`, { headers });
    expect(await nothing.json()).toMatchObject({ code: 'route.not-found', status: 404 });
    const put = await fetch(`${url}/listeners/${LISTENER_ID}`, { method: 'PUT', headers });
    expect(await put.json()).toMatchObject({ code: 'request.method-not-allowed', status: 405 });
    expect(put.headers.get('allow')).toBe('DELETE, GET, PATCH');
  });

  it('lives on when garbage comes in', async () => {
    const { url, call } = await apis.opened();
    const { port } = new URL(url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('\x16\x03\x01garbage\r\n\r\n'));
      socket.on('close', () => resolve()).resume();
    });
    expect(await call(getLocalState, {})).toMatchObject({ role: 'member' });
  });
});
