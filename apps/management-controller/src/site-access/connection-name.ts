import { formatIdentity, parseIdentity } from '@caravan/pki';
import type { Connected, Credential } from './admission-rules.js';

/**
 * What nats-server is told that a client is called, and says again of whoever is connected: who it is, and the certificate that it
 * came with, as `spiffe://…#<fingerprint>`.
 */
export const connectionName = ({ identity, fingerprint }: Pick<Credential, 'identity' | 'fingerprint'>): string =>
  `${formatIdentity(identity)}#${fingerprint}`;

/** Undefined: nobody whom the callout let in. */
export function connectedAs(name: string): Connected | undefined {
  const [uri = '', fingerprint] = name.split('#');
  const identity = parseIdentity(uri);
  return identity && { identity, ...(fingerprint !== undefined && { fingerprint }) };
}
