import { formatIdentity, parseIdentity } from '@caravan/pki';
import type { Connected, Credential } from './admission-rules.js';

/**
 * What nats-server is told that a client is called, and says again of whoever is connected: who it is, and the certificate that it
 * came with, as `spiffe://…#<serial>`.
 */
export const connectionName = ({ identity, serial }: Pick<Credential, 'identity' | 'serial'>): string =>
  `${formatIdentity(identity)}#${serial}`;

/** Undefined: nobody whom the callout let in. */
export function connectedAs(name: string): Connected | undefined {
  const [uri = '', serial] = name.split('#');
  const identity = parseIdentity(uri);
  return identity && { identity, ...(serial !== undefined && { serial }) };
}
