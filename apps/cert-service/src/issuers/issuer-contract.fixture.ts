import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { verifyChain } from '@caravan/pki';
import { eventually } from '@caravan/testing';
import { newIds, useInstallation } from '../installation.fixture.js';
import type { Ids, TestInstallation } from '../installation.fixture.js';

/** An installation whose authorities somebody signs. */
export interface Issued {
  readonly at: TestInstallation;
  /** Another replica of the service. */
  start(): Promise<unknown>;
  /** Who signs has signed whatever was asked for by now. */
  sign(): Promise<void>;
  close(): Promise<void>;
}

/** Each is made for itself: that of claims may come behind a member's certificate. */
const LOWEST = ['infrastructure', 'claim', 'member'] as const;

/** What holds whoever signs: the tree stands, strictly, and there is one of it. */
export function issuerContract(arrange: (at: TestInstallation) => Promise<Issued>): void {
  const installation = useInstallation();
  let issued: Issued;
  beforeEach(async () => {
    issued = await arrange(installation());
  });
  afterEach(() => issued.close());

  const member = async (ids: Ids) => {
    const { at } = issued;
    const decided = at.decided(ids.certificateId);
    // Whoever signs may be asked one authority after the other.
    await eventually('it is signed', async () => {
      await issued.sign();
      return (await at.decided(ids.certificateId, 200)) !== undefined;
    });
    await decided;
    return at.issued(ids.certificateId);
  };

  /** What a member does not stand on may be asked for some seconds after it. */
  const wholeTree = () =>
    eventually('the whole tree is there', async () => {
      await issued.sign();
      const tree = await issued.at.authorities();
      const recorded = (await issued.at.commits('caravan.evt.trust.authority.*')).length;
      const isWhole = LOWEST.every((wanted) => tree.some(({ kind }) => kind === wanted));
      return isWhole && recorded >= tree.length && tree;
    });

  it('lets a member stand below the root, as strictly as OpenSSL sees it', async () => {
    const { at } = issued;
    await issued.start();
    const ids = newIds();
    await at.all(ids);
    const { certificate, chain } = await member(ids);
    const root = await at.authority('root');
    expect(verifyChain(certificate, chain, [root], new Date(), 'client').ok).toBe(true);
    writeFileSync(join(at.directory, 'leaf.pem'), certificate);
    writeFileSync(join(at.directory, 'chain.pem'), chain.join(''));
    writeFileSync(join(at.directory, 'the-root.pem'), root);
    const options = ['-x509_strict', '-CAfile', 'the-root.pem', '-untrusted', 'chain.pem', 'leaf.pem'];
    expect(execFileSync('openssl', ['verify', ...options], { cwd: at.directory, encoding: 'utf8' })).toContain('OK');
    const tree = await wholeTree();
    // Whom doors trust can make no authorities.
    for (const kind of ['infrastructure', 'claim', 'member', 'management']) {
      const authority = tree.find((each) => each.kind === kind)!;
      writeFileSync(join(at.directory, 'authority.pem'), authority.certificate);
      const shown = execFileSync('openssl', ['x509', '-in', 'authority.pem', '-noout', '-ext', 'basicConstraints'], {
        cwd: at.directory,
        encoding: 'utf8',
      });
      expect(shown).toContain('CA:TRUE, pathlen:0');
    }
  });

  it('has one tree when several replicas ask', async () => {
    const { at } = issued;
    await Promise.all([issued.start(), issued.start(), issued.start()]);
    const ids = newIds();
    await at.all(ids);
    await member(ids);
    const tree = await wholeTree();
    expect(tree.map(({ kind }) => kind).sort()).toEqual([
      'backbone',
      'claim',
      'infrastructure',
      'management',
      'member',
      'network',
      'root',
    ]);
    expect(await at.commits('caravan.evt.trust.authority.*')).toEqual([1, 1, 1, 1, 1, 1, 1]);
    expect((await at.commits('caravan.evt.trust.authority-request.*')).every((commits) => commits === 1)).toBe(true);
  });
}
