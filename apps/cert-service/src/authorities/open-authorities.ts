import type { OutsideIssuer } from '@caravan/events';
import type { Clock } from '@caravan/platform';
import type { Pool } from 'pg';
import type { BackboneIssuers, IssuerChoices } from '../issuers/choice.js';
import type { Issuer } from '../issuers/issuer.js';
import { OutsideAuthorities } from '../issuers/outside-authorities.js';
import type { Owners } from '../issuers/owners.js';
import { RequestStore } from '../issuers/request-store.js';
import type { Recorder } from '../recording/recorder.js';
import type { MasterKeys } from '../sealed-keys/master-keys.js';
import { SealedKeys } from '../sealed-keys/sealed-keys.js';
import { Vault } from '../sealed-keys/vault.js';
import { Authorities } from './authorities.js';
import { AuthorityStore } from './authority-store.js';
import type { KeyKinds } from './key-kinds.js';
import type { Ordinals } from './ordinals.js';

export interface OpenAuthorities {
  readonly installation: string;
  readonly pool: Pool;
  readonly masterKeys: MasterKeys;
  readonly recorder: Recorder;
  readonly ordinals: Ordinals;
  readonly clock: Clock;
  readonly terms: { readonly crlBaseUrl?: string | undefined; readonly keyKinds: KeyKinds | undefined };
  readonly issuers: {
    readonly chosen: IssuerChoices | undefined;
    readonly backbones: BackboneIssuers;
    readonly outside: Readonly<Partial<Record<OutsideIssuer, Issuer>>>;
    readonly owners: Owners;
  };
}

/** The authorities of a database. The master keys were checked against its vault before. */
export function openAuthorities({ pool, masterKeys, issuers, ...open }: OpenAuthorities): Authorities {
  const keys = new SealedKeys(masterKeys, new Vault(pool));
  const { installation, recorder, clock, terms } = open;
  const outside = new OutsideAuthorities({
    ...{ installation, recorder, clock, keys, keyKinds: terms.keyKinds },
    issuers: issuers.outside,
    owners: issuers.owners,
    store: new RequestStore(pool),
  });
  const choice = { installation: issuers.chosen ?? {}, backbones: issuers.backbones };
  return new Authorities({ ...open, keys, store: new AuthorityStore(pool), issuers: choice, outside });
}
