import { SERVICE_CLIENT, SERVICE_SERVER } from '@caravan/data-plane';
import type { ConnectorItem, ListenerItem } from '@caravan/data-plane';
import type { Connector, Listener } from '../model/model.js';

/** What TLS is spoken with has a name at the site; where none is given it is the site's own. */
export function listenerItem(id: string, networkId: string, { tls, ...at }: Listener): ListenerItem {
  if (!tls) return { kind: 'listener', id, networkId, ...at };
  const { certificate, clients } = tls;
  const proven = { certificateId: certificate ?? SERVICE_SERVER, ...(clients !== null && { clientTrustId: clients }) };
  return { kind: 'listener', id, networkId, ...at, tls: proven };
}

export function connectorItem(id: string, networkId: string, { tls, ...at }: Connector): ConnectorItem {
  if (!tls) return { kind: 'connector', id, networkId, ...at };
  const { serverName, trust, certificate } = tls;
  const terms = { trustId: trust ?? SERVICE_CLIENT, certificateId: certificate ?? SERVICE_CLIENT };
  return { kind: 'connector', id, networkId, ...at, tls: { serverName: serverName ?? at.host, ...terms } };
}
