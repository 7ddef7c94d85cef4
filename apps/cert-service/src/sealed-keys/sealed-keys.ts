import type { KeyObject } from 'node:crypto';
import { exportPrivateKey, importPrivateKey, randomNonce, seal, sealingKeyId, unseal } from '@caravan/pki';
import type { Secret } from '@caravan/pki';
import { Awaiting } from '../authorities/awaiting.js';
import type { MasterKeys } from './master-keys.js';
import type { Vault } from './vault.js';

/** Private keys of authorities at rest. What is sealed for one authority does not open for another. */
export class SealedKeys {
  constructor(
    private readonly masterKeys: Pick<MasterKeys, 'find' | 'again'>,
    private readonly vault: Pick<Vault, 'keyId'>,
  ) {}

  /** Under the master key that is in use now. @throws Awaiting that key */
  async seal(authorityId: string, key: KeyObject): Promise<Buffer> {
    const masterKey = await this.masterKey(await this.vault.keyId());
    return sealedUnder(masterKey, authorityId, Buffer.from(exportPrivateKey(key).reveal()));
  }

  /** @throws Awaiting the master key that it was sealed with; PkiError `seal.tampered` */
  async unseal(authorityId: string, envelope: Buffer): Promise<KeyObject> {
    const masterKey = await this.masterKey(sealingKeyId(envelope));
    return importPrivateKey(unseal(envelope, masterKey.reveal(), contextOf(authorityId)).toString());
  }

  /** The same key under another master key. @throws PkiError `seal.tampered` */
  static rewrapped(authorityId: string, envelope: Buffer, from: Secret<Buffer>, to: Secret<Buffer>): Buffer {
    return sealedUnder(to, authorityId, unseal(envelope, from.reveal(), contextOf(authorityId)));
  }

  /** It was replaced since this process asked for it: whoever did so has put the next one where this one came from. */
  private async masterKey(keyId: string): Promise<Secret<Buffer>> {
    const known = this.masterKeys.find(keyId);
    if (known) return known;
    const problem = await this.masterKeys.again().then(
      () => undefined,
      (error: Error) => error.message,
    );
    const found = this.masterKeys.find(keyId);
    if (found) return found;
    throw new Awaiting(`the master key ${keyId}, with which CA keys are sealed now${problem ? ` (${problem})` : ''}`);
  }
}

const sealedUnder = (masterKey: Secret<Buffer>, authorityId: string, plain: Buffer): Buffer => {
  const sealed = seal(plain, masterKey.reveal(), contextOf(authorityId), randomNonce());
  plain.fill(0);
  return sealed;
};

const contextOf = (authorityId: string): string => `authority/${authorityId}/private-key`;
