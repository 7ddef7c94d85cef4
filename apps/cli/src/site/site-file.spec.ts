import { describe, expect, it } from 'vitest';
import type { CliError } from '../failures/cli-error.js';
import type { SiteFile } from '@caravan/api';
import { isFor, readError } from './site-file.js';

const systemError = (code: string) => Object.assign(new Error(`${code}: no`), { code });

describe('a file for a site that cannot be read', () => {
  it.each([
    ['ENOENT', 'cli.no-such-file', 'There is no file /a/b.json.'],
    ['EISDIR', 'cli.bad-site-file', '/a/b.json is a directory'],
    ['EACCES', 'cli.bad-site-file', 'You may not read /a/b.json.'],
    ['EPERM', 'cli.bad-site-file', 'You may not read /a/b.json.'],
  ])('is a wrong command line, with a remedy (%s)', (system, code, message) => {
    const error = readError('/a/b.json', systemError(system)) as CliError;
    expect(error).toMatchObject({ code, exit: 2, message: expect.stringContaining(message) });
    expect(error.remedies).not.toEqual([]);
  });

  it('leaves any other error what it is', () => {
    const fault = systemError('EIO');
    expect(readError('/a/b.json', fault)).toBe(fault);
  });
});

describe('the site that a file is for', () => {
  const invitation = { format: 'caravan.invitation', installation: 'acme', invitation: { id: 'i' } } as SiteFile;
  const bundle = { format: 'caravan.bundle', installation: 'acme', site: { id: 's' } } as SiteFile;

  it('came with the same invitation or for the same backbone site, in the same installation', () => {
    expect(isFor(invitation, { installation: 'acme', sourceId: 'i' })).toBe(true);
    expect(isFor(bundle, { installation: 'acme', sourceId: 's' })).toBe(true);
    expect(isFor(invitation, { installation: 'acme', sourceId: 'another' })).toBe(false);
    expect(isFor(bundle, { installation: 'acme', sourceId: 'i' })).toBe(false);
    expect(isFor(invitation, { installation: 'other', sourceId: 'i' })).toBe(false);
  });
});
