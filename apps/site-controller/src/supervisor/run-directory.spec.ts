import { describe, expect, it } from 'vitest';
import { socketPath } from './run-directory.js';

describe('the socket of a relay', () => {
  it('lies in the directory of its site', () => {
    expect(socketPath('/srv/site')).toBe('/srv/site/run/relay.sock');
  });

  it('lies below the temporary directory when its path would be too long for a socket', () => {
    const deep = `/srv/${'a-long-name/'.repeat(12)}site`;
    const path = socketPath(deep, '/tmp');
    expect(path).toMatch(/^\/tmp\/caravan-\d+-[0-9a-f]{16}\/relay\.sock$/);
    expect(socketPath(deep, '/tmp')).toBe(path);
    expect(socketPath(`${deep}2`, '/tmp')).not.toBe(path);
    expect(Buffer.byteLength(path)).toBeLessThanOrEqual(100);
  });

  it('counts bytes, not characters', () => {
    expect(socketPath(`/srv/${'ü'.repeat(45)}`, '/tmp')).toMatch(/^\/tmp\//);
  });
});
