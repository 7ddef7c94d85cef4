import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '@caravan/platform';
import { OwnRoot } from '@caravan/testing/servers';
import { Awaiting } from '../authorities/awaiting.js';
import { broughtRoot } from '../authorities/establish.js';
import type { Authority, NewAuthority } from '../authorities/establish.js';
import { KeptAuthorities } from '../authorities/kept-authorities.js';
import type { SealedKeys } from '../sealed-keys/sealed-keys.js';
import { NOBODY_GONE } from './owners.js';
import { OutsideAuthorities } from './outside-authorities.js';
import type { Wanted } from './outside-authorities.js';
import type { RequestStore, StoredRequest } from './request-store.js';

/** What is in the way of a request and its answer, without servers: one request, and keys that are not sealed. */
class Desk {
  readonly own = new OwnRoot();
  kept: StoredRequest | undefined;
  answer: (csr: string) => string = () => '';
  readonly outside = new OutsideAuthorities({
    installation: 'acme',
    issuers: { offline: { answerTo: ({ csr }) => Promise.resolve(this.answer(csr)) } },
    owners: NOBODY_GONE,
    store: {
      find: () => Promise.resolve(this.kept),
      keep: (request: Omit<StoredRequest, 'recorded'>) => {
        this.kept = { ...request, recorded: true };
        return Promise.resolve(true);
      },
    } as unknown as RequestStore,
    keys: { seal: () => Buffer.alloc(0), unseal: () => Promise.resolve(undefined) } as unknown as SealedKeys,
    recorder: { record: () => Promise.resolve() },
    clock: { now: () => new Date() },
  });

  establish(): Promise<NewAuthority | string> {
    const brought = { certificatePem: this.own.text('root.pem'), privateKey: undefined };
    const { event } = broughtRoot({ kind: 'root', installation: 'acme' }, 1, brought);
    const root: Authority = { data: event.data, credential: undefined, chain: [] };
    const wanted: Wanted = {
      ...{ name: { kind: 'backbone', backboneId: BACKBONE }, ordinal: 1, issuer: 'offline', root, place: undefined },
      cause: { causationId: null, correlationId: newId(), actor: 'test' } as never,
    };
    const said = (error: Error) => {
      if (error instanceof Awaiting) return error.what;
      throw error;
    };
    return this.outside.establish(wanted, () => Promise.resolve(undefined)).catch(said);
  }
}
const BACKBONE = newId();

describe('an authority that is signed elsewhere', () => {
  let desk: Desk;
  beforeEach(() => {
    desk = new Desk();
    desk.own.make();
    desk.own.makeBelow('one');
    desk.own.makeBelow('two', 'one');
    desk.own.makeBelow('three', 'two');
  });
  afterEach(() => desk.own.remove());
  const signedBy =
    (by: string, ...between: string[]) =>
    (csr: string) =>
      [desk.own.sign(csr, { by }), ...between.map((name) => desk.own.text(`${name}.pem`))].join('');

  it('may have two others between itself and the root, and waits for another certificate with three', async () => {
    desk.answer = signedBy('three', 'three', 'two', 'one');
    expect(await desk.establish()).toContain('more than 2 authorities stand between it and the root');
    desk.answer = signedBy('two', 'two', 'one');
    expect(await desk.establish()).toMatchObject({ event: { data: { intermediates: { length: 2 } } } });
  });

  it('has the limits that its request asks for where OpenSSL is told to copy them', async () => {
    desk.answer = signedBy('one', 'one');
    const { event } = (await desk.establish()) as NewAuthority;
    writeFileSync(desk.own.at('signed.pem'), event.data.certificate);
    expect(desk.own.openssl('x509', '-in', 'signed.pem', '-noout', '-ext', 'nameConstraints')).toContain('URI:acme');
  });

  it('is not kept when the log would not take it: it could never be recorded', async () => {
    desk.answer = signedBy('one', 'one');
    const { event } = (await desk.establish()) as NewAuthority;
    const unheard = { ...event, data: { ...event.data, intermediates: Array<string>(3).fill(event.data.certificate) } };
    const store = { keep: () => Promise.reject(new Error('was kept')) };
    const authorities = new KeptAuthorities(store as never, undefined as never, undefined as never);
    await expect(authorities.keep({ event: unheard, privateKey: undefined }, {} as never)).rejects.toThrow('Too big');
  });
});
