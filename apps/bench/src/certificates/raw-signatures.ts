import { sign } from 'node:crypto';
import { generateKeyPair } from '@caravan/pki';

/** About what is signed of a certificate, in bytes. */
const LENGTH = 600;

/** CPU milliseconds for one signature of the kind that a certificate has, and nothing else. */
export function rawSignatureMs(count: number): number {
  const { privateKey } = generateKeyPair();
  const data = Buffer.alloc(LENGTH, 1);
  const before = process.cpuUsage();
  for (let n = 0; n < count; n++) sign('sha256', data, privateKey);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / count;
}
