import { z } from 'zod';
import { addressSchema, hostSchema } from '../vocabulary.js';

/** Under which a site holds a certificate or trust for its applications: the name of a directory beside it. No key and no certificate is ever in an event. */
const suppliedNameSchema = addressSchema;

/** TLS ends at the listener. `certificate` null: one that the site makes. `clients`: the trust that they must prove themselves to; null: they need not. */
export const listenerTlsSchema = z.strictObject({
  certificate: suppliedNameSchema.nullable(),
  clients: suppliedNameSchema.nullable(),
});
export type ListenerTls = z.infer<typeof listenerTlsSchema>;

/** TLS begins at the connector. Null: the server is called by the connector's host, is judged by and shown what the site makes. */
export const connectorTlsSchema = z.strictObject({
  serverName: hostSchema.nullable(),
  trust: suppliedNameSchema.nullable(),
  certificate: suppliedNameSchema.nullable(),
});
export type ConnectorTls = z.infer<typeof connectorTlsSchema>;
