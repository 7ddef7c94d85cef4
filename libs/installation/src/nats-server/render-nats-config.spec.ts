import { describe, expect, it } from 'vitest';
import type { NatsConfig } from './nats-config.js';
import { renderNatsConfig } from './render-nats-config.js';

const key = (kind: string, letter: string): string => kind + letter.repeat(55);
const none = { allow: [] };

const CONFIG: NatsConfig = {
  serverName: 'caravan-1',
  listen: { host: '127.0.0.1', port: 4222 },
  monitorPort: 8222,
  tls: { certFile: '/tls/chain.pem', keyFile: '/tls/key.pem', caFile: '/tls/root.pem' },
  jetstream: { storeDir: '/data/js' },
  management: {
    users: [{ nkey: key('U', 'A'), publish: { allow: ['caravan.evt.>'] }, subscribe: { allow: ['_INBOX.>'] } }],
    exports: [{ kind: 'service', subject: 'caravan.site.*.sync' }],
  },
  sites: { imports: [{ kind: 'service', from: 'MGMT', subject: 'caravan.site.*.sync' }] },
  auth: {
    users: [{ nkey: key('U', 'B'), publish: none, subscribe: { allow: ['$SYS.REQ.USER.AUTH'] }, allowResponses: true }],
  },
  system: {
    users: [{ nkey: key('U', 'C'), publish: { allow: ['$SYS.REQ.>'] }, subscribe: { allow: ['>'], deny: ['x'] } }],
  },
  callout: { issuer: key('A', 'D') },
};

describe('the nats-server configuration', () => {
  const text = renderNatsConfig(CONFIG);

  it('wants certificates of the root, and TLS before anything else', () => {
    expect(text).toContain('ca_file: "/tls/root.pem"\n  verify: true\n  handshake_first: true');
  });

  it('writes every message to disk before it is acknowledged', () => {
    expect(text).toContain('store_dir: "/data/js"\n  sync_interval: always');
  });

  it('lets the callout decide about everybody but the listed users', () => {
    expect(text).toContain(`auth_users: ["${key('U', 'A')}", "${key('U', 'B')}", "${key('U', 'C')}"]`);
  });

  it('takes an empty list for "nothing", where nats-server would take it for "everything"', () => {
    expect(text).toContain(`nkey: "${key('U', 'B')}", permissions: { publish: { deny: [">"] }`);
  });

  it('monitors on loopback only', () => {
    expect(text).toContain('http: "127.0.0.1:8222"');
  });

  it('offers to the sites only what is listed', () => {
    expect(text).toContain('{ service: "caravan.site.*.sync", accounts: [SITES] }');
    expect(text).toContain('{ service: { account: MGMT, subject: "caravan.site.*.sync" } }');
  });

  it('quotes what would end a value early', () => {
    expect(renderNatsConfig({ ...CONFIG, serverName: 'a"b\\c' })).toContain('server_name: "a\\"b\\\\c"');
    expect(() => renderNatsConfig({ ...CONFIG, serverName: 'a\nauthorization {}' })).toThrow(/cannot stand/);
  });

  it.each(['', 'a..b', 'a b', 'a*', 'a.>.b', '.a'])('refuses %j as a subject', (subject) => {
    const management = { users: [], exports: [{ kind: 'service', subject } as const] };
    expect(() => renderNatsConfig({ ...CONFIG, management })).toThrow(/not a NATS subject/);
  });

  it.each([key('A', 'A'), 'SUSEED', '', `${key('U', 'A')}"`])('refuses %j as the key of a user', (nkey) => {
    const management = { users: [{ nkey, publish: none, subscribe: none }], exports: [] };
    expect(() => renderNatsConfig({ ...CONFIG, management })).toThrow(/not a public nkey/);
  });
});
