import { describe, expect, it } from 'vitest';
import { systemTrouble } from './system-trouble.js';
import { Troubles } from './troubles.js';

const refused = (code: string, syscall: string, more: object = {}) =>
  Object.assign(new Error(`${code}: the system's own words, ${syscall}`), { code, syscall, errno: -28, ...more });

describe('what the system refuses a site', () => {
  it.each([
    ['ENOSPC', 'disk.full', /be written: .*no space left.*Free some space/],
    ['EDQUOT', 'disk.full', /be written: .*used up.*Free some space/],
    ['EROFS', 'disk.read-only', /be written: .*can only be read.*mount/],
    ['EIO', 'disk.failing', /be used: .*does not work.*log of the system/],
    ['EACCES', 'disk.not-allowed', /be used: .*may not.*chown/],
    ['EMFILE', 'disk.too-many-files', /be opened: too many files.*ulimit/],
  ])('%s is a trouble with words and a remedy, and keeps what the system said', (errno, code, words) => {
    const troubles = new Troubles();
    troubles.set('sync', refused(errno, 'write', { path: '/site/sealed/desired-state' }), new Date(0));
    const [trouble] = troubles.list();
    expect(trouble).toMatchObject({ code, detail: expect.stringMatching(words) });
    expect(trouble?.detail).toContain('/site/sealed/desired-state cannot ');
    expect(trouble?.detail).toContain(errno);
    expect(troubles.counts.get(code)).toBe(1);
  });

  it('is said also of a file that is not named', () => {
    expect(systemTrouble(refused('ENOSPC', 'write'))?.detail).toContain('What this site keeps cannot be written');
  });

  it('is nothing of a port, of another place on the network, or of what nobody foresaw', () => {
    expect(systemTrouble(refused('EACCES', 'bind'))).toBeUndefined();
    expect(systemTrouble(refused('ECONNREFUSED', 'connect'))).toBeUndefined();
    expect(systemTrouble(Object.assign(new Error('x'), { code: 'management.away' }))).toBeUndefined();
    expect(systemTrouble(undefined)).toBeUndefined();
  });
});
