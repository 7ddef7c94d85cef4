import { z } from 'zod';
import { route } from '../route.js';
import {
  created,
  addressSchema,
  hostSchema,
  id,
  pageOf,
  pageQuerySchema,
  portSchema,
  suppliedNameSchema,
} from './vocabulary.js';

/**
 * TLS that ends at a listener: clients speak it to the site. `certificate`: the name under which the site is supplied with one; null: one that
 * it makes. `clients`: the name of the trust that they must prove themselves to; null: they need not.
 */
export const listenerTlsSchema = z.strictObject({
  certificate: suppliedNameSchema.nullable(),
  clients: suppliedNameSchema.nullable(),
});
export type ListenerTls = z.infer<typeof listenerTlsSchema>;
/**
 * TLS that begins at a connector: the server must prove `serverName` (null: the connector's host) to `trust`, and is shown `certificate` when
 * it asks for one; null: what the site makes.
 */
export const connectorTlsSchema = z.strictObject({
  serverName: hostSchema.nullable(),
  trust: suppliedNameSchema.nullable(),
  certificate: suppliedNameSchema.nullable(),
});
export type ConnectorTls = z.infer<typeof connectorTlsSchema>;

const at = { address: addressSchema, host: hostSchema.default('127.0.0.1'), port: portSchema };
const moved = { address: addressSchema.optional(), host: hostSchema.optional(), port: portSchema.optional() };
/** What a new one leaves out is null; a change names all of it, so that nobody lets every client in by not mentioning them. */
const newListenerTls = z.strictObject({
  certificate: suppliedNameSchema.nullable().default(null),
  clients: suppliedNameSchema.nullable().default(null),
});
const newConnectorTls = z.strictObject({
  serverName: hostSchema.nullable().default(null),
  trust: suppliedNameSchema.nullable().default(null),
  certificate: suppliedNameSchema.nullable().default(null),
});
/** `tls` null: what comes is carried as it is. */
export const newListenerSchema = z.strictObject({ ...at, tls: newListenerTls.nullable().default(null) });
export const newConnectorSchema = z.strictObject({ ...at, tls: newConnectorTls.nullable().default(null) });
/** `tls` null: none from now on. */
export const changedListenerSchema = z.strictObject({ ...moved, tls: listenerTlsSchema.nullable().optional() });
export const changedConnectorSchema = z.strictObject({ ...moved, tls: connectorTlsSchema.nullable().optional() });
const endpoint = { memberId: id, networkId: id, address: z.string(), host: hostSchema, port: portSchema, ...created };
export const listenerSchema = z.strictObject({ id, ...endpoint, tls: listenerTlsSchema.nullable() });
export type Listener = z.infer<typeof listenerSchema>;
export const connectorSchema = z.strictObject({ id, ...endpoint, tls: connectorTlsSchema.nullable() });
export type Connector = z.infer<typeof connectorSchema>;

const listeners = '/networks/{networkId}/members/{memberId}/listeners' as const;
const connectors = '/networks/{networkId}/members/{memberId}/connectors' as const;

export const createListener = route({
  name: 'createListener',
  method: 'POST',
  path: listeners,
  summary: 'Open a local port at a member site that leads to an address',
  body: newListenerSchema,
  reply: listenerSchema,
  codes: ['member.unknown', 'listener.port-taken', 'listener.too-many'],
});
export const listListeners = route({
  name: 'listListeners',
  method: 'GET',
  path: listeners,
  summary: 'List the listeners of a member site',
  query: pageQuerySchema,
  reply: pageOf(listenerSchema),
});
export const getListener = route({
  name: 'getListener',
  method: 'GET',
  path: `${listeners}/{listenerId}`,
  summary: 'Read a listener',
  reply: listenerSchema,
});
export const changeListener = route({
  name: 'changeListener',
  method: 'PATCH',
  path: `${listeners}/{listenerId}`,
  summary: 'Change a listener',
  body: changedListenerSchema,
  reply: listenerSchema,
  codes: ['listener.unknown', 'listener.port-taken'],
});
export const deleteListener = route({
  name: 'deleteListener',
  method: 'DELETE',
  path: `${listeners}/{listenerId}`,
  summary: 'Close a listener and its port',
  codes: ['listener.unknown'],
});
export const createConnector = route({
  name: 'createConnector',
  method: 'POST',
  path: connectors,
  summary: 'Let a server at a member site answer for an address',
  body: newConnectorSchema,
  reply: connectorSchema,
  codes: ['member.unknown', 'connector.exists-already', 'connector.too-many'],
});
export const listConnectors = route({
  name: 'listConnectors',
  method: 'GET',
  path: connectors,
  summary: 'List the connectors of a member site',
  query: pageQuerySchema,
  reply: pageOf(connectorSchema),
});
export const getConnector = route({
  name: 'getConnector',
  method: 'GET',
  path: `${connectors}/{connectorId}`,
  summary: 'Read a connector',
  reply: connectorSchema,
});
export const changeConnector = route({
  name: 'changeConnector',
  method: 'PATCH',
  path: `${connectors}/{connectorId}`,
  summary: 'Change a connector',
  body: changedConnectorSchema,
  reply: connectorSchema,
  codes: ['connector.unknown', 'connector.exists-already'],
});
export const deleteConnector = route({
  name: 'deleteConnector',
  method: 'DELETE',
  path: `${connectors}/{connectorId}`,
  summary: 'Withdraw a connector',
  codes: ['connector.unknown'],
});
