import type { AccessKind, AccessPointItem, LinkItem } from '@caravan/data-plane';
import { Secret } from '@caravan/pki';
import type { HeldCertificate } from '../certificates/certificate-record.js';

export const PEM = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';
const certificate = (ordinal = 1): HeldCertificate => ({ ordinal, chain: [PEM, PEM], key: new Secret('the key') });
export const holding = (...ids: string[]) => new Map(ids.map((id) => [id, certificate()]));

export const accessPoint = (
  id: string,
  access: AccessPointItem['access'],
  certificateId = `ap-${id}`,
): AccessPointItem => ({
  kind: 'access-point',
  id,
  access,
  bindHost: '0.0.0.0',
  bindPort: 0,
  certificateId,
});
export const link = (id: string, certificateId = 'site'): LinkItem => ({
  kind: 'link',
  id,
  access: 'member',
  host: 'relay.example',
  port: 45671,
  serverName: 'n.member.caravan.internal',
  trust: [PEM],
  certificateId,
  cost: 1,
  reach: { kind: 'network', networkId: 'n' },
});
export const nobody: ReadonlySet<AccessKind> = new Set();
