import { describe, expect, it } from 'vitest';
import { keyKinds } from './key-kinds.js';

describe('the keys of authorities', () => {
  it('are named for all of them, or for some', () => {
    expect(keyKinds().parse('ec-p384')).toMatchObject({ root: 'ec-p384', member: 'ec-p384', management: 'ec-p384' });
    expect(keyKinds().parse('root=rsa-4096, network=ec-p384')).toEqual({ root: 'rsa-4096', network: 'ec-p384' });
    expect(keyKinds().parse(undefined)).toBeUndefined();
  });

  it.each(['', 'rsa-1024', 'root', 'root=', 'roots=ec-p384', 'root=ec-p521', 'root=ec-p384,,'])(
    'are not %j',
    (text) => {
      expect(keyKinds().safeParse(text).error?.issues[0]?.message).toContain('is not <authority>=<key>');
    },
  );
});
