import { describe, expect, it } from 'vitest';
import { certificatesIn, certificatesOf } from './certificates-of.js';

const block = (label: string, body: string): string => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
const [one, other] = [block('CERTIFICATE', 'MIIB+/='), block('CERTIFICATE', 'MIIC')];

describe('what is brought of a file', () => {
  it('is its certificates, in their order, whatever stands between them', () => {
    expect(certificatesOf(`subject=CN=x\r\n${one}\nissuer=...\n${other}`, 'x.pem')).toBe(one + other);
  });

  it('is no key, sealed or not', () => {
    const keys = ['PRIVATE KEY', 'EC PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'].map((label) => block(label, 'c2VjcmV0'));
    expect(certificatesOf(keys.join('') + one, 'x.pem')).toBe(one);
  });

  it.each(['/dev/zero', process.execPath])('is refused when it has no end, or is too much: %s', async (path) => {
    await expect(certificatesIn(path, 'x.pem')).rejects.toMatchObject({ code: 'cli.no-certificate', at: 'x.pem' });
  });

  it.each([
    ['', 'nothing'],
    [block('CERTIFICATE REQUEST', 'MIIB'), 'a request'],
    ['\u0030\u0082', 'DER'],
  ])('is refused when there is none (%#)', (text) => {
    expect(() => certificatesOf(text, 'x.pem')).toThrow(
      expect.objectContaining({ code: 'cli.no-certificate', at: 'x.pem', remedies: [expect.stringContaining('DER')] }),
    );
  });
});
