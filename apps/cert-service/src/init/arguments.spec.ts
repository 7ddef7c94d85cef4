import { describe, expect, it } from 'vitest';
import { initArguments } from './arguments.js';

const SITE = '0199d1b0-0000-7000-8000-000000000001';

describe('the command line of init', () => {
  it('takes what it is given, several hosts among it', () => {
    const argv = [
      '--out',
      'd',
      '--installation',
      'acme',
      '--nats-host',
      'a',
      '--nats-host',
      'b',
      '--api-host',
      'api.example',
      '--management-site',
      SITE,
      '--administrator',
      'ada',
      '--administrator',
      'ada',
    ];
    expect(initArguments(argv, {})).toEqual({
      out: 'd',
      installation: 'acme',
      natsHosts: ['a', 'b'],
      apiHosts: ['api.example'],
      managementSite: SITE,
      administrators: ['ada'],
      root: undefined,
      isNextRoot: false,
    });
  });

  it('falls back on the environment for the installation', () => {
    expect(initArguments(['--out', 'd'], { CARAVAN_INSTALLATION: 'acme' })).toMatchObject({
      installation: 'acme',
      natsHosts: [],
    });
  });

  it('says whether a root is for now or for the next rotation', () => {
    const root = ['--out', 'd', '--installation', 'acme', '--root-certificate', 'r'];
    expect(initArguments(root, {})).toMatchObject({ root: { certificate: 'r' }, isNextRoot: false });
    expect(initArguments([...root, '--next'], {})).toMatchObject({ root: { certificate: 'r' }, isNextRoot: true });
  });

  it.each([
    [['--out', 'd', '--installation', 'acme', '--next'], '--root-certificate is missing'],
    [['--installation', 'acme'], '--out is missing'],
    [['--out', 'd'], '--installation is missing'],
    [['--out', 'd', '--installation', 'acme', '--management-site', '../etc'], '--management-site is no id'],
    [['--out', 'd', '--installation', 'acme', '--administrator', '../ada'], '"../ada" is no name'],
    [['--out', 'd', '--installation', 'acme', '--administrator', 'bootstrap'], '"bootstrap" is no name'],
    [['--out', 'd', '--installation', 'acme', '--administrator', 'a-'.repeat(20) + 'a'], 'is no name'],
    [['--out', 'd', '--installation', 'acme', '--administrator', ''], '"" is no name'],
    [['--out', 'd', '--outt', 'd'], "Unknown option '--outt'"],
    [['--out', 'd', 'surplus'], 'surplus'],
    [['--out', 'd', '--installation', 'acme', '--root-key', 'k'], '--root-certificate is missing'],
  ])('refuses %j', (argv, words) => {
    expect(() => initArguments(argv, {})).toThrow(words);
  });
});
