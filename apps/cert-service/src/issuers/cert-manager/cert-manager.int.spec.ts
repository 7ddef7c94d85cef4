import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCsr, generateKeyPair, readCsr, splitChain } from '@caravan/pki';
import { newId } from '@caravan/platform';
import { z } from 'zod';
import { Awaiting } from '../../authorities/awaiting.js';
import type { AuthorityRequest } from '../issuer.js';
import { CertManagerIssuer } from './cert-manager-issuer.js';
import { certificateRequest } from './certificate-request.js';
import { Cluster } from './cluster.fixture.js';
import { KubernetesApi } from './kubernetes-api.js';
import type { KubernetesError } from './kubernetes-api.js';

const MINUTE = 60_000;
const issuerRef = { name: 'company-ca', kind: 'ClusterIssuer', group: 'cert-manager.io' };
const namespace = 'caravan';

const newRequest = (changes: Partial<AuthorityRequest> = {}): AuthorityRequest => {
  const csr = createCsr({
    subject: { commonName: 'Caravan network' },
    keyPair: generateKeyPair(),
    authority: { profile: 'networkCa', installation: 'acme' },
  });
  return {
    ...{ authorityId: newId(), kind: 'network', backboneId: newId(), networkId: newId(), ordinal: 1, rootId: newId() },
    ...{ issuer: 'cert-manager', csr, subject: 'CN=Caravan network', pathLength: 1, until: null },
    publicKeyFingerprint: readCsr(csr).publicKeyFingerprint,
    ...changes,
  };
};

describe('cert-manager', () => {
  const cluster = new Cluster();
  let options: ConstructorParameters<typeof KubernetesApi>[0];
  let now: Date;
  /** With whatever it signs. */
  let wrong: string | undefined;
  beforeAll(async () => {
    cluster.own.make();
    const variables = await cluster.open();
    const { KUBERNETES_API_URL: url, KUBERNETES_TOKEN_FILE: tokenFile, KUBERNETES_CA_FILE: caFile } = variables;
    options = { url, tokenFile, caFile };
  });
  beforeEach(() => {
    cluster.kept.clear();
    cluster.calls.length = 0;
    cluster.trouble = undefined;
    now = new Date();
    wrong = undefined;
  });
  afterAll(() => cluster.close());

  const issuer = (changes: Partial<typeof options> = {}, mostLifetimeMs?: number) =>
    new CertManagerIssuer({
      ...{ api: new KubernetesApi({ ...options, ...changes }), namespace, issuerRef, mostLifetimeMs },
      clock: { now: () => now },
    });
  const rootEnds = new Date(Date.now() + 1_000 * 86_400_000);
  /** What it says while it waits, or the certificates. */
  const answer = async (request: AuthorityRequest, by = issuer()): Promise<string> =>
    by.answerTo(request, { rootEnds, wrongWith: () => wrong }).catch((error: Error) => {
      if (error instanceof Awaiting) return error.what;
      throw error;
    });
  const names = () => [...cluster.kept.keys()].map((name) => name.slice(-2));

  it('is asked once, by however many at the same time, and answers the same then', async () => {
    const request = newRequest();
    await Promise.all([answer(request), answer(request, issuer()), answer(request, issuer())]);
    expect(await answer(request)).toContain('nobody has looked at it yet');
    expect(names()).toEqual(['-1']);
    cluster.sign();
    const pem = await answer(request);
    expect(splitChain(pem)).toHaveLength(2);
    expect(await answer(request)).toBe(pem);
    expect(names()).toEqual(['-1']);
  });

  it('is asked for as long as root, network and operator allow, in whole hours', async () => {
    const until = new Date(now.getTime() + 48.5 * 60 * MINUTE).toISOString();
    const [first, short, capped] = [newRequest(), newRequest({ until }), newRequest()];
    await answer(first);
    await answer(short);
    await answer(capped, issuer({}, 30 * 86_400_000));
    const durations = [...cluster.kept.values()].map(({ spec }) => spec.duration);
    expect(durations).toEqual([`${990 * 24 - 1}h`, '48h', '720h']);
  });

  it('says why it was denied and when it is asked again, and is asked again then, or when that is deleted', async () => {
    const request = newRequest();
    await answer(request);
    cluster.deny('no authorities on Sundays');
    expect(await answer(request)).toMatch(/-1 failed \(Denied: .*no authorities on Sundays\): asked again at 20/);
    expect(names()).toEqual(['-1']);
    now = new Date(Date.now() + 11 * MINUTE);
    expect(await answer(request)).toContain('asked again');
    expect(names()).toEqual(['-1', '-2']);
    cluster.deny('still Sunday');
    cluster.kept.clear();
    now = new Date();
    expect(await answer(request)).toContain('nobody has looked at it yet');
    expect(names()).toEqual(['-1']);
  });

  it('is asked again when what it signed cannot be used, and says what is wrong with it', async () => {
    const request = newRequest();
    await answer(request);
    cluster.sign();
    wrong = 'it ends after its root';
    expect(await answer(request)).toMatch(
      /-1 failed \(it cannot stand there: it ends after its root\): asked again at/,
    );
    now = new Date(Date.now() + 11 * MINUTE);
    expect(await answer(request)).toContain('asked again');
    expect(names()).toEqual(['-1', '-2']);
    cluster.sign();
    wrong = undefined;
    expect(splitChain(await answer(request))).toHaveLength(2);
  });

  it.each([
    [401, 'Unauthorized', 'Unauthorized'],
    [403, 'Forbidden', 'certificaterequests.cert-manager.io is forbidden: User "x" cannot list resource'],
    [404, 'NotFound', 'the server could not find the requested resource'],
    [429, 'TooManyRequests', 'the server has received too many requests'],
    [500, 'InternalError', 'failed calling webhook "webhook.cert-manager.io"'],
  ])('is waited for when the API answers %i, which is said', async (code, reason, message) => {
    cluster.trouble = { code, reason, message };
    expect(await answer(newRequest())).toContain(`the Kubernetes API: ${code} ${message}`);
  });

  it('is told by nobody but the cluster, and tells nobody else its token', async () => {
    const others = cluster.own.at('other-ca.crt');
    writeFileSync(others, cluster.own.text('root.pem'));
    expect(await answer(newRequest(), issuer({ caFile: others }))).toMatch(/cannot be asked \((UNABLE_TO|SELF_SIGNED)/);
    expect(cluster.calls).toEqual([]);
    expect(await answer(newRequest(), issuer({ url: 'https://127.0.0.1:1' }))).toContain('ECONNREFUSED');
    expect(await answer(newRequest(), issuer({ tokenFile: '/nowhere/token' }))).toContain('ENOENT');
  });

  it('gets the token that is in the file now', async () => {
    const request = newRequest();
    cluster.token = 'another';
    expect(await answer(request)).toContain('401');
    writeFileSync(options.tokenFile, 'another');
    expect(await answer(request)).toContain('nobody has looked');
  });

  it('is not understood when it says what no API server says, and ends nothing', async () => {
    let says = '';
    const server = createServer(cluster.credential, (_, response) => response.end(says));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (says of ['', '<html>', '{"items":7}', '[]', JSON.stringify({ items: [{ metadata: {} }] }), 'x'.repeat(5e6)]) {
      expect(await answer(newRequest(), issuer({ url }))).toMatch(/not to be understood|cannot be asked/);
    }
    server.closeAllConnections();
    server.close();
  });

  it('would refuse what does not say what its request asks for', async () => {
    const api = new KubernetesApi(options);
    const asked = certificateRequest(newRequest(), { namespace, issuerRef, attempt: 1, lifetimeMs: 1e9 });
    const post = (spec: object) =>
      api
        .call('POST', `/apis/cert-manager.io/v1/namespaces/${namespace}/certificaterequests`, z.unknown(), {
          ...asked,
          spec: { ...asked.spec, ...spec },
        })
        .then(
          () => 'taken',
          (error: KubernetesError) => error.message,
        );
    expect(await post({ usages: ['cert sign'] })).toContain('key usages do not match');
    expect(await post({ isCA: false })).toContain('IsCA does not match');
    expect(await post({ request: Buffer.from('no request').toString('base64') })).toContain('failed to decode csr');
    expect(await post({ secret: 'x' })).toContain('422');
    expect(await post({})).toBe('taken');
    expect(await post({})).toContain('already exists');
  });
});
