import { describe, expect, it } from 'vitest';
import type { Invocation } from '../command.js';
import { failureOf, failureText } from '../failures/failure.js';
import { fileFailure } from '../failures/file-failure.js';
import { download } from './credential-file.js';

const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
const invocation = (interrupt: (handler: () => void) => void = () => undefined) => {
  const terminal = {
    cwd: '/work',
    onInterrupt: (handler: () => void) => {
      interrupt(handler);
      return () => undefined;
    },
  };
  return { args: [], options: { out: 'shop.json' }, output: 'table', terminal } as unknown as Invocation;
};

const ended = async (given: Invocation, fetch: () => Promise<unknown>) => {
  let isDiscarded = false;
  let isMade = false;
  const failure = await download(
    given,
    {
      defaultFile: 'x.json',
      commonName: 'shop',
      fetch: () => {
        isMade = true;
        return fetch();
      },
      again: () =>
        isMade ? { command: 'caravan invite --download retail shop', before: 'The invitation was created' } : undefined,
      about: () => ({}),
      next: () => [],
    },
    async () => ({
      path: '/work/shop.json',
      write: async () => Promise.reject(fileFailure(full, '/work/shop.json')),
      discard: async () => void (isDiscarded = true),
    }),
  ).catch((error: unknown) => failureText(failureOf(error)));
  return { failure, isDiscarded };
};

describe('a file that is not written once what stands in it was made', () => {
  it('is named with why and the command that fetches it, and none is left', async () => {
    expect(await ended(invocation(), async () => ({}))).toEqual({
      isDiscarded: true,
      failure: [
        'caravan: The invitation was created: /work/shop.json cannot be used: there is no space left on its disk ' +
          '(ENOSPC: no space left on device, write). [file.enospc]',
        '  at: /work/shop.json',
        '  try: caravan invite --download retail shop --out shop.json makes the file, now or later',
        '  try: free some space, or name a file on another disk',
        '',
      ].join('\n'),
    });
  });

  it('is so too when it was interrupted', async () => {
    let interrupt: () => void = () => undefined;
    const waiting = ended(
      invocation((handler) => (interrupt = handler)),
      () => new Promise(() => interrupt()),
    );
    const { failure } = await waiting;
    expect(failure).toContain('Interrupted; no file was written. [cli.interrupted]');
    expect(failure).toContain('caravan invite --download retail shop');
  });
});
