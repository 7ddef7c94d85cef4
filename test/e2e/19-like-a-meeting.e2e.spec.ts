import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { listClaims, listMembers, listNetworks, readJoinUrl } from '@caravan/api';
import type { Network } from '@caravan/api';
import { Elsewhere, eventually, newKey, Scene, TestInstallation } from '@caravan/testing/installation';

vi.setConfig({ testTimeout: 120_000 });

/** Whoever calls a meeting types one line, and so does whoever comes; nobody else comes by what is left of it. */
describe('a network like a meeting', () => {
  let installation: TestInstallation;
  let scene: Scene;
  let host: string[];
  let elsewhere: Elsewhere;
  let url = '';
  let network: Network;
  const started: string[] = [];

  beforeAll(async () => {
    installation = await TestInstallation.start();
    scene = new Scene(installation);
    const backbone = await scene.backbone('demo');
    await scene.backboneSite(backbone, 'east');
    const { apiTlsUrl, tokenFile } = installation.plane;
    const authority = join(installation.state.secrets, 'pki', 'management-ca.pem');
    host = ['--url', apiTlsUrl, '--token-file', tokenFile, '--certificate-authority', authority];
    elsewhere = new Elsewhere(installation);
  }, 180_000);
  afterAll(async () => {
    await Promise.all(started.map((dir) => elsewhere.caravan('site', 'stop', '--dir', dir)));
    await installation.stop();
  });

  const byHost = (...args: string[]) => elsewhere.caravan(...args, ...host);
  const joins = (what: string, dir: string, ...more: string[]) => {
    started.push(dir);
    return elsewhere.caravan('join', what, '--dir', dir, ...more);
  };
  const networks = async () => (await scene.api.call(listNetworks, {})).items;
  const members = async () => {
    const { items } = await scene.api.call(listMembers, { params: { networkId: network.id } });
    return items.map(({ name }) => name).sort();
  };
  const fileIn = (dir: string) => {
    const [name = ''] = readdirSync(join(elsewhere.home, dir)).filter((each) => each.endsWith('.invitation.json'));
    return join(elsewhere.home, dir, name);
  };
  const lineIn = (out: string) => /^caravan join '(.*)'$/m.exec(out)?.[1] ?? '';

  it('1. is called in one line, which says all that whoever comes needs', async () => {
    const { code, out, err } = await byHost('meet', 'Retail review', '--for', '90m');
    expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('network/retail-review from ') });
    expect(out).toContain('▄'); // the same as a QR code, which a spec of its own reads
    url = lineIn(out);
    expect(readJoinUrl(url)).toMatchObject({ api: installation.plane.apiTlsUrl, pin: expect.any(String) });
    [network] = (await networks()) as [Network];
    expect(Date.parse(network.endsAt ?? '') - Date.parse(network.startsAt)).toBe(90 * 60_000);
  });

  it('2. is joined in one line, with a key that the machine made itself', async () => {
    const joined = await joins(url, 'one');
    expect(joined).toMatchObject({ code: 0, out: expect.stringContaining('Joined retail-review as guest-1') });
    expect(await joins(url, 'two')).toMatchObject({ code: 0, out: expect.stringContaining('guest-2') });
    const [one, two] = [fileIn('one'), fileIn('two')];
    expect(statSync(one).mode & 0o777).toBe(0o600);
    const keyIn = (file: string) =>
      (JSON.parse(readFileSync(file, 'utf8')) as { certificate: { key: string } }).certificate.key;
    expect(keyIn(one)).not.toBe(keyIn(two));
    // It was sent by now, and nobody wrote it down.
    const { secret } = readJoinUrl(url)!;
    for (const each of ['management-controller', 'nats-server', 'cert-service'])
      expect(installation.log(each)).not.toContain(secret);
    // The same line in the same folder is the same site, also in a file that nobody else on the machine sees.
    elsewhere.write('line', `${url}\n`);
    for (const what of [url, 'line'])
      expect(await joins(what, 'one')).toMatchObject({ code: 0, out: expect.stringContaining('guest-1') });
    expect(await members()).toEqual(['guest-1', 'guest-2']);
  });

  it('3. is opened as a page by whoever has no command line, and told to nobody by it', async () => {
    const page = await fetch(new URL('/join', installation.plane.apiUrl));
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('caravan join');
  });

  it('4. lets in nobody by a URL that is cut off, guessed, or of another installation', async () => {
    const said = readJoinUrl(url)!;
    const told = async (what: string) => (await joins(what, 'nobody')).err;
    expect(await told(url.slice(0, -1))).toContain('[cli.bad-join-url]');
    const refused = () => installation.log('management-controller').split('request.unauthenticated').length;
    const before = refused();
    expect(await told(url.replace(said.secret, 'A'.repeat(22)))).toContain('[request.unauthenticated]');
    expect(refused()).toBe(before + 1);
    // Another machine at that address, which whoever invited did not mean: it is told nothing.
    expect(await told(url.replace(said.pin!, 'A'.repeat(43)))).toContain('[api.not-trusted]');
    expect(refused()).toBe(before + 1);
    expect(await told(url.replace('localhost', '127.0.0.1').replace(`.${said.pin}`, ''))).toContain(
      '[api.not-trusted]',
    );
    expect(await told(url.replace('https', 'http').replace('localhost', '192.0.2.1'))).toContain(
      '[cli.join-without-tls]',
    );
    expect(existsSync(join(elsewhere.home, 'nobody', 'site.json'))).toBe(false);
    expect(await members()).toEqual(['guest-1', 'guest-2']);
  });

  it('5. gives the token no other use, and nothing else its use', async () => {
    const { secret } = readJoinUrl(url)!;
    const { apiUrl } = installation.plane;
    const ask = (path: string, token: string, method = 'POST') =>
      fetch(`${apiUrl}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(method === 'POST' && { body: JSON.stringify({ csr: newKey('site').csr }) }),
      }).then(({ status }) => status);
    for (const path of ['/networks', '/status', `/networks/${network.id}/members`, '/join/', '/JOIN'])
      expect([path, await ask(path, secret, 'GET')]).toEqual([path, 401]);
    expect(await ask('/join', installation.token)).toBe(401);
    for (const path of ['/join/', '/JOIN']) expect([path, await ask(path, installation.token)]).toEqual([path, 401]);
    expect(await ask('/join', secret)).toBe(201);
  });

  it('6. is come to by nobody any more once the URL is withdrawn; who came stays', async () => {
    const more = await byHost('invite', '--download', 'retail-review', 'guests', '--as', 'url', '-o', 'json');
    const { url: other, joinToken } = JSON.parse(more.out) as { url: string; joinToken: { id: string } };
    const of = ['--network', 'retail-review', '--invitation', 'guests'];
    expect(await byHost('get', 'join-tokens', ...of, '-o', 'name')).toMatchObject({
      out: expect.stringContaining(joinToken.id),
    });
    expect(await byHost('delete', 'join-token', joinToken.id, ...of)).toMatchObject({ code: 0 });
    expect((await joins(other, 'late')).err).toContain('[request.unauthenticated]');
    expect(await joins(url, 'three')).toMatchObject({ code: 0, out: expect.stringContaining('guest-3') });
    installation.killProcess('management-controller');
    await eventually('it answers again', async () => (await byHost('status')).code !== 4);
    expect((await joins(other, 'late')).err).toContain('[request.unauthenticated]');
    expect(await members()).toEqual(['guest-1', 'guest-2', 'guest-3']);
  });

  it('7. is waited for by who comes early, and let in by who called it where that was asked for', async () => {
    const { out } = await byHost(
      'meet',
      'Retail review',
      '--start',
      '8s',
      '--approval',
      '--interactive',
      '--as',
      'url',
    );
    const [, second] = await networks();
    expect(second).toMatchObject({ name: 'retail-review-2', status: 'scheduled' });
    const early = joins(lineIn(out), 'early', '--name', 'lobby');
    const claim = await eventually('somebody waits', async () => {
      const { items } = await scene.api.call(listClaims, { params: { networkId: second!.id } });
      return items.find(({ status }) => status === 'awaited');
    });
    expect(Date.parse(claim.createdAt)).toBeGreaterThanOrEqual(Date.parse(second!.startsAt));
    expect(await byHost('approve', 'claim', 'guest-lobby', '--network', 'retail-review-2')).toMatchObject({ code: 0 });
    expect(await early).toMatchObject({
      code: 0,
      out: expect.stringContaining('Joined retail-review-2 as guest-lobby'),
    });
  });

  it('8. is not mixed up with another: the URL of one is refused in the folder of the other, which goes on', async () => {
    const { out } = await byHost('meet', 'Elsewhere', '--as', 'url');
    const other = await joins(lineIn(out), 'one');
    expect(other).toMatchObject({ code: 2, err: expect.stringContaining('[site.other]') });
    expect(await joins(url, 'one')).toMatchObject({ code: 0, out: expect.stringContaining('guest-1') });
    // Nor while it stands still: what it came with is as it was.
    await elsewhere.caravan('site', 'stop', '--dir', 'one');
    expect((await joins(lineIn(out), 'one')).err).toContain('belongs to another site');
    expect(await joins(url, 'one')).toMatchObject({ code: 0, out: expect.stringContaining('guest-1') });
  });

  it('9. leads nobody anywhere once it is over', async () => {
    expect(await byHost('network', 'end', 'retail-review')).toMatchObject({ code: 0 });
    expect((await joins(url, 'over')).err).toMatch(/\[(network\.ended|invitation\.expired)\]/);
  });

  it('10. is not called where others could read along, or nobody could come, nor by half', async () => {
    const { tokenFile } = installation.plane;
    const plain = await elsewhere.caravan('meet', 'x', '--url', 'http://192.0.2.1:4400', '--token-file', tokenFile);
    expect(plain).toMatchObject({ code: 2, err: expect.stringContaining('[cli.join-without-tls]') });
    const refusals: [string[], string][] = [
      [['--at', 'https://localhost:1'], 'api.unreachable'],
      [['--at', installation.plane.apiUrl.replace('http', 'https')], 'api.unreachable'], // no TLS there
      [['--start', '2020-01-01'], 'cli.bad-time'],
      [['--limit', '0'], 'cli.bad-value'],
      [['--limit', 'many'], 'cli.bad-number'],
      [['--ask', '!'], 'cli.'],
      [['--as', 'song'], 'cli.bad-value'],
      [['--out', 'line'], 'cli.file-exists'],
    ];
    for (const [args, code] of refusals)
      expect([args, (await byHost('meet', 'x', ...args)).err]).toEqual([args, expect.stringContaining(`[${code}`)]);
    expect((await networks()).map(({ name }) => name)).toEqual(['retail-review', 'retail-review-2', 'elsewhere']);
    const svg = await byHost('meet', 'x', '--out', 'x.svg', '-o', 'json');
    expect(svg).toMatchObject({ code: 0, err: '' });
    expect(readFileSync(join(elsewhere.home, 'x.svg'), 'utf8')).toMatch(/^<svg /);
    expect(readJoinUrl((JSON.parse(svg.out) as { url: string }).url)).toBeDefined();
  });
});
