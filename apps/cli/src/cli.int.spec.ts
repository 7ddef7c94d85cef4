import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeApi, TOKEN } from './fakes/fake-api.fixture.js';
import { Shell } from './fakes/shell.fixture.js';
import { ids } from './fakes/world.fixture.js';

const api = new FakeApi();
const shell = new Shell();
let url: string;
let nobody: string;
beforeAll(async () => {
  url = await api.start();
  const gone = new FakeApi();
  nobody = await gone.start();
  await gone.stop();
}, 180_000);
afterAll(async () => {
  await api.stop();
  shell.remove();
});

const asAdmin = (): void => {
  shell.env = { CARAVAN_URL: url, CARAVAN_TOKEN: TOKEN };
};
const words = (line: string): string[] => (line === '' ? [] : line.split(' '));
const golden = ({ code, stdout, stderr }: { code: number | null; stdout: string; stderr: string }) =>
  `exit ${code}\n--- stdout\n${shell.steady(stdout)}--- stderr\n${shell.steady(stderr)}`;

describe('the process', () => {
  it('prints results to stdout and ends with 0', async () => {
    asAdmin();
    expect(await shell.run(words('get networks'))).toMatchObject({ code: 0, stderr: '' });
    expect(await shell.run(['--version'])).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' });
  });

  it('prints how the installation is, and ends with 5 when that is not well', async () => {
    asAdmin();
    expect(golden(await shell.run(words('status')))).toMatchSnapshot();
    const { code, stdout, stderr } = await shell.here(words('status -o json'));
    expect([code, JSON.parse(stdout)]).toMatchObject([5, { status: 'degraded' }]);
    expect(JSON.parse(stderr)).toMatchObject({ code: 'installation.degraded', exitCode: 5 });
  });

  it.each([
    ['the server refuses', 'delete network retail', 1],
    ['the command line is wrong', 'get networks --colour red', 2],
    ['nothing answers', 'get networks --url NOBODY --token x', 4],
  ])('ends so that a script knows when %s', async (_, line, code) => {
    asAdmin();
    const ended = await shell.run(words(line.replace('NOBODY', nobody)));
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(golden(ended)).toMatchSnapshot();
  });

  it.each([
    ['a name is not known', 'describe network retial', 1],
    ['an id is not known', `get network ${ids.east}`, 1],
    ['the token is not known', 'get networks --token wrong', 1],
    ['something else answers', 'get networks --url URL/elsewhere --token x', 1],
    ['a value is wrong', 'create network UPPER', 2],
    ['a value is missing', 'create connector inventory --member hq', 2],
    ['several could be meant', 'create access-point x --kind peer', 2],
    ['nothing is named', 'delete network', 2],
    ['there is no such command', 'stauts', 2],
    ['there is no such output', 'get networks -o xml', 2],
  ])('says what to do when %s', async (_, line, code) => {
    asAdmin();
    const ended = await shell.here(words(line.replace('URL', url)));
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(golden(ended)).toMatchSnapshot();
  });

  it('says of an answer that is late for how long it waits, and nothing to a program that reads errors', async () => {
    asAdmin();
    api.lateMs = 4_000;
    const lines = ['get networks', 'status', 'get networks -o json'];
    const ended = await Promise.all(lines.map((line) => shell.here(words(line))));
    api.lateMs = 0;
    const late = `No answer from ${url}/api/v1 yet; waiting for it, about 30 s at most …\n`;
    expect(ended.map(({ stderr }) => stderr.includes(late))).toEqual([true, true, false]);
    expect(ended[2]).toMatchObject({ code: 0, stderr: '' });
    expect((await shell.here(words('get networks'))).stderr).toBe('');
  });

  it('asks for the unit of a time that has none', async () => {
    expect(await shell.here(words('site start --dir x --timeout 20'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--timeout 20 has no unit: 20 what? [cli.bad-duration]'),
    });
  });

  it('shows its help when nothing was asked, which is no success', async () => {
    expect(await shell.here([])).toMatchObject({ code: 2, stderr: expect.stringContaining('Exit codes:') });
    expect(await shell.here(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('Exit codes:') });
  });

  it('gives errors as json on stderr with -o json, also of a line that cannot be parsed', async () => {
    asAdmin();
    for (const line of ['delete network retail -o json', 'get networks --colour red --output=json']) {
      const { stdout, stderr, code } = await shell.here(words(line));
      expect(stdout).toBe('');
      expect(JSON.parse(stderr)).toMatchObject({
        exitCode: code,
        code: expect.any(String),
        detail: expect.any(String),
      });
    }
  });

  it('never prints the token', async () => {
    asAdmin();
    shell.env['CARAVAN_DEBUG'] = '1';
    for (const line of [`get networks --url ${nobody}`, 'delete network retail', 'status -o json']) {
      const { stdout, stderr } = await shell.here(words(line));
      expect(stdout + stderr).not.toContain(TOKEN);
    }
  });
});

describe('login', () => {
  const config = path.join(shell.cwd, '.config/caravan/config.json');

  it('remembers an address and token that work, readable by their owner alone', async () => {
    shell.env = {};
    expect(golden(await shell.here(words('get networks')))).toContain('cli.not-logged-in');
    expect(golden(await shell.run(words(`login --url ${url} --token ${TOKEN}`)))).toMatchSnapshot();
    expect(statSync(config).mode & 0o777).toBe(0o600);
    expect((await shell.here(words('get networks -o name'))).stdout).toBe('network/retail\n');
  });

  it('remembers the file of a token, so that another token in it works without a new login', async () => {
    shell.env = {};
    writeFileSync(path.join(shell.cwd, 'admin.token'), 'old');
    const line = `login --context second --url ${url} --token-file admin.token`;
    expect(await shell.here(words(line))).toMatchObject({ code: 1 });
    writeFileSync(path.join(shell.cwd, 'admin.token'), `${TOKEN}\n`);
    expect(await shell.here(words(line))).toMatchObject({ code: 0 });
    expect(readFileSync(config, 'utf8')).toContain(path.join(shell.cwd, 'admin.token'));
    expect(JSON.parse(readFileSync(config, 'utf8'))).toMatchObject({ current: 'second' });
    expect(await shell.here(words('get networks --context default'))).toMatchObject({ code: 0 });
    expect((await shell.here(words('get networks --context third'))).stderr).toContain('default, second');
  });

  it('sends a stored token to no other server', async () => {
    shell.env = {};
    const other = new FakeApi();
    const elsewhere = await other.start();
    expect((await shell.here(words(`get networks --url ${elsewhere}`))).stderr).toContain('[cli.not-logged-in]');
    expect(other.seen).toEqual([]);
    await other.stop();
  });

  it('says which file it could not remember a login in, and leaves no half of it', async () => {
    shell.env = { CARAVAN_CONFIG: path.join(shell.cwd, 'tight/config.json') };
    const ended = await shell.run(words(`login --url ${url} --token ${TOKEN}`), { noFiles: true });
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('[file.efbig]') });
    expect(ended.stderr).toContain(`at: ${shell.env['CARAVAN_CONFIG']}`);
    expect(readdirSync(path.join(shell.cwd, 'tight'))).toEqual([]);
  });

  it('says which file is no configuration', async () => {
    shell.env = { CARAVAN_CONFIG: path.join(shell.cwd, 'broken/config.json') };
    mkdirSync(path.join(shell.cwd, 'broken'));
    writeFileSync(shell.env['CARAVAN_CONFIG']!, '{"version":2}');
    expect(await shell.here(words('get networks'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('broken/config.json is not a configuration of caravan'),
    });
  });
});
