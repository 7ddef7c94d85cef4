import { z } from 'zod';
import { route } from '../route.js';
import {
  changedConnectorSchema,
  changedListenerSchema,
  connectorTlsSchema,
  listenerTlsSchema,
  newConnectorSchema,
  newListenerSchema,
} from '../v1/endpoints.js';
import { id } from '../v1/vocabulary.js';

export type NewListener = z.output<typeof newListenerSchema>;
export type NewConnector = z.output<typeof newConnectorSchema>;
export type ChangedListener = z.output<typeof changedListenerSchema>;
export type ChangedConnector = z.output<typeof changedConnectorSchema>;

/**
 * A listener or connector of this site. After a write `state` is `unknown` until the management plane's answer has come back
 * as desired state and the relay has applied it.
 */
export const siteEndpointSchema = z.strictObject({
  id,
  address: z.string(),
  host: z.string(),
  port: z.int(),
  /** That of a listener, that of a connector, or none. */
  tls: z.union([listenerTlsSchema, connectorTlsSchema]).nullable(),
  state: z.enum(['applied', 'waiting', 'refused', 'failed', 'unknown']),
  detail: z.string().nullable(),
});
export type SiteEndpoint = z.infer<typeof siteEndpointSchema>;
const many = z.strictObject({ items: z.array(siteEndpointSchema) });

/** The management plane decides; without it nothing can be opened, changed or closed. */
const codes = [
  'site.not-a-member',
  'site.not-joined',
  'network.ended',
  'management.away',
  'management.busy',
  'management.needs-operator',
] as const;

export const listSiteListeners = route({
  name: 'listSiteListeners',
  method: 'GET',
  path: '/listeners',
  summary: 'List the listeners of this site',
  reply: many,
});
export const getSiteListener = route({
  name: 'getSiteListener',
  method: 'GET',
  path: '/listeners/{listenerId}',
  summary: 'Read a listener of this site',
  reply: siteEndpointSchema,
  codes: ['listener.unknown'],
});
export const openSiteListener = route({
  name: 'openSiteListener',
  method: 'POST',
  path: '/listeners',
  summary: 'Open a local port that leads to an address of the network',
  body: newListenerSchema,
  reply: siteEndpointSchema,
  codes: [...codes, 'listener.port-taken'],
});
export const changeSiteListener = route({
  name: 'changeSiteListener',
  method: 'PATCH',
  path: '/listeners/{listenerId}',
  summary: 'Change a listener of this site',
  body: changedListenerSchema,
  reply: siteEndpointSchema,
  codes: [...codes, 'listener.unknown', 'listener.port-taken'],
});
export const closeSiteListener = route({
  name: 'closeSiteListener',
  method: 'DELETE',
  path: '/listeners/{listenerId}',
  summary: 'Close a listener of this site and its port',
  codes: [...codes, 'listener.unknown'],
});

export const listSiteConnectors = route({
  name: 'listSiteConnectors',
  method: 'GET',
  path: '/connectors',
  summary: 'List the connectors of this site',
  reply: many,
});
export const getSiteConnector = route({
  name: 'getSiteConnector',
  method: 'GET',
  path: '/connectors/{connectorId}',
  summary: 'Read a connector of this site',
  reply: siteEndpointSchema,
  codes: ['connector.unknown'],
});
export const openSiteConnector = route({
  name: 'openSiteConnector',
  method: 'POST',
  path: '/connectors',
  summary: 'Let a server at this site answer for an address of the network',
  body: newConnectorSchema,
  reply: siteEndpointSchema,
  codes: [...codes, 'connector.exists-already'],
});
export const changeSiteConnector = route({
  name: 'changeSiteConnector',
  method: 'PATCH',
  path: '/connectors/{connectorId}',
  summary: 'Change a connector of this site',
  body: changedConnectorSchema,
  reply: siteEndpointSchema,
  codes: [...codes, 'connector.unknown', 'connector.exists-already'],
});
export const closeSiteConnector = route({
  name: 'closeSiteConnector',
  method: 'DELETE',
  path: '/connectors/{connectorId}',
  summary: 'Withdraw a connector of this site',
  codes: [...codes, 'connector.unknown'],
});
