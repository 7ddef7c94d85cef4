import type { KeyObject } from 'node:crypto';
import { exportPrivateKey, importPrivateKey, randomNonce, seal, unseal } from '@caravan/pki';
import type { Secret } from '@caravan/pki';

/** Private keys of authorities at rest. What is sealed for one authority does not open for another. */
export class SealedKeys {
  constructor(private readonly masterKey: Secret<Buffer>) {}

  seal(authorityId: string, key: KeyObject): Buffer {
    const plain = Buffer.from(exportPrivateKey(key).reveal());
    return seal(plain, this.masterKey.reveal(), contextOf(authorityId), randomNonce());
  }

  /** Throws PkiError `seal.wrong-key`, `seal.tampered`. */
  unseal(authorityId: string, envelope: Buffer): KeyObject {
    return importPrivateKey(unseal(envelope, this.masterKey.reveal(), contextOf(authorityId)).toString());
  }
}

const contextOf = (authorityId: string): string => `authority/${authorityId}/private-key`;
