import { describe, expect, it } from 'vitest';
import { decodePem, encodePem } from './pem.js';

const [one, other] = [Buffer.alloc(100, 1), Buffer.alloc(100, 2)];
const block = encodePem('CERTIFICATE', one);

describe('PEM', () => {
  it.each([
    ['as it is written', block],
    ['with other ends of lines', block.replaceAll('\n', '\r\n')],
    ['with text around it', `subject=CN=a\n${block}and so on`],
    ['beside what is something else', encodePem('X509 CRL', other) + block],
    ['in one line between its first and its last', block.replace(/(?<=[A-Za-z0-9+/=])\n(?=[A-Za-z0-9+/=])/g, '')],
  ])('is read %s', (_, text) => expect(decodePem('CERTIFICATE', text)).toEqual([one]));

  it('is read as often as it is there', () => {
    expect(decodePem('CERTIFICATE', block + encodePem('CERTIFICATE', other))).toEqual([one, other]);
    expect(decodePem('CERTIFICATE', 'nothing')).toEqual([]);
  });

  it.each([
    ['has no end', block.slice(0, -20)],
    ['is not base64', block.replace('AQEB', 'AQ*B')],
    ['is empty', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n'],
    ['begins within a line', block.replace('-----\n', '-----')],
    ['begins behind something', `a ${block}`],
    ['ends within a line', block.replace('\n-----END', '-----END')],
    ['goes on in the line of its end', block.replace(/-----\n$/, '-----A\n')],
    ['is beside one of an older name', block + block.replaceAll('CERTIFICATE', 'X509 CERTIFICATE')],
    ['is beside one of OpenSSL’s own', block + block.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE')],
  ])('is not read at all where one %s: others may see another', (_, text) => {
    expect(decodePem('CERTIFICATE', text)).toBeUndefined();
  });
});
