import { afterEach, describe, expect, it } from 'vitest';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { SecureContext, SecureContextOptions, Server, TLSSocket } from 'node:tls';
import { connect, createSecureContext, createServer } from 'node:tls';
import { identityOf } from './identity.js';
import { exportPrivateKey } from './keys.js';
import type { Holder } from './tree.fixture.js';
import { INSTALLATION, tree } from './tree.fixture.js';

/** The trust model over real sockets: a listener trusts the lowest authority of one network, and nothing above it. */
const { authorities, leaf, intermediates } = tree('ec-p256', new Date());
const accessPoint = leaf('accessPoint', { hosts: ['localhost'] });
const member = leaf('member');
const claim = leaf('claim');
const { memberCa, claimCa, infrastructureCa, root } = authorities;

const PARTIAL: SecureContextOptions = { allowPartialTrustChain: true };
const credential = ({ certificatePem, keyPair }: Holder, chain: readonly string[] = []): SecureContextOptions => ({
  cert: [certificatePem, ...chain].join(''),
  key: exportPrivateKey(keyPair.privateKey).reveal(),
});

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

/** What the listener makes of a client: whom it let in, or that it refused. */
async function knock(listener: SecureContext, client: SecureContextOptions, serverName = 'localhost'): Promise<string> {
  // The default context trusts nobody; only a name that is served has a context.
  const server = createServer({
    requestCert: true,
    rejectUnauthorized: true,
    SNICallback: (_name, reply) => reply(null, listener),
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const outcome = new Promise<string>((resolve) => {
    server.on('secureConnection', (socket) => resolve(admitted(socket)));
    server.on('tlsClientError', () => resolve('refused by the listener'));
  });
  const socket = connect({
    port: (server.address() as AddressInfo).port,
    host: '127.0.0.1',
    servername: serverName,
    secureContext: createSecureContext({ ca: infrastructureCa.certificatePem, ...PARTIAL, ...client }),
  });
  const given = new Promise<string>((resolve) =>
    socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => resolve(code)),
  );
  const dialled = once(socket, 'secureConnect').then(
    () => outcome,
    () => given,
  );
  return dialled.finally(() => socket.destroy());
}

function admitted(socket: TLSSocket): string {
  const identity = identityOf(socket.getPeerX509Certificate()!.toString(), INSTALLATION);
  socket.on('error', () => undefined).destroy();
  return `admitted a ${identity.kind}`;
}

const trusting = (ca: Holder, options = PARTIAL): SecureContext =>
  createSecureContext({ ...credential(accessPoint), ca: ca.certificatePem, ...options });

describe("a listener that trusts a network's member authority alone", () => {
  it('admits a member, and knows which', async () => {
    expect(await knock(trusting(memberCa), credential(member))).toBe('admitted a member');
  });

  it('refuses a claim certificate of the same network', async () => {
    expect(await knock(trusting(memberCa), credential(claim))).toBe('refused by the listener');
  });

  it('refuses it as well with its whole chain, up to the root that both share', async () => {
    const chain = [...intermediates('claim'), root.certificatePem];
    expect(await knock(trusting(memberCa), credential(claim, chain))).toBe('refused by the listener');
  });

  it('refuses a member of another installation', async () => {
    expect(await knock(trusting(memberCa), credential(tree('ec-p256', new Date()).leaf('member')))).toBe(
      'refused by the listener',
    );
  });

  it('refuses who shows nothing', async () => {
    expect(await knock(trusting(memberCa), {})).toBe('refused by the listener');
  });
});

describe('the controls', () => {
  it('a listener for claims admits the same claim certificate', async () => {
    expect(await knock(trusting(claimCa), credential(claim))).toBe('admitted a claim');
  });

  it('without allowPartialTrustChain not even a member gets in', async () => {
    expect(await knock(trusting(memberCa, {}), credential(member))).toBe('refused by the listener');
  });

  it('a server certificate does not dial', async () => {
    expect(await knock(trusting(infrastructureCa), credential(accessPoint))).toBe('refused by the listener');
    expect(await knock(trusting(infrastructureCa), credential(leaf('backboneSite')))).toBe('admitted a backbone-site');
  });

  it('the dialling side checks authority, host and usage of the listener', async () => {
    expect(await knock(trusting(memberCa), { ...credential(member), ca: memberCa.certificatePem })).toBe(
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    );
    expect(await knock(trusting(memberCa), credential(member), 'other.example.org')).toBe(
      'ERR_TLS_CERT_ALTNAME_INVALID',
    );
    const listener = createSecureContext({ ...credential(member), ca: memberCa.certificatePem, ...PARTIAL });
    expect(await knock(listener, { ...credential(member), ca: memberCa.certificatePem })).toBe('INVALID_PURPOSE');
  });
});
