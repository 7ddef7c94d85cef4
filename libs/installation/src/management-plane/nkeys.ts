import { join } from 'node:path';
import { ensureNkey } from '../nats-server/index.js';
import type { NkeyKind } from '../nats-server/index.js';
import type { StateDirectory } from '../state-directory.js';
import type { NatsIdentities } from './nats-accounts.js';

type Holder = keyof NatsIdentities;

const HOLDERS: Record<Holder, { readonly file: string; readonly kind: NkeyKind }> = {
  managementController: { file: 'management-controller.nkey', kind: 'user' },
  certService: { file: 'cert-service.nkey', kind: 'user' },
  routerConfig: { file: 'router-config.nkey', kind: 'user' },
  managementControllerSites: { file: 'management-controller-sites.nkey', kind: 'user' },
  routerConfigSites: { file: 'router-config-sites.nkey', kind: 'user' },
  callout: { file: 'auth-callout.nkey', kind: 'user' },
  system: { file: 'system.nkey', kind: 'user' },
  issuer: { file: 'callout-issuer.nkey', kind: 'account' },
};

export interface Nkeys {
  readonly identities: NatsIdentities;
  /** Where the seed of each lies, 0600. */
  readonly seedFiles: Readonly<Record<Holder, string>>;
}

/** The nkeys of the management plane: made at the first start, kept from then on. */
export function ensureNkeys(state: StateDirectory): Nkeys {
  const holders = Object.keys(HOLDERS) as Holder[];
  const fileOf = (holder: Holder): string => join(state.secrets, HOLDERS[holder].file);
  const publicKeyOf = (holder: Holder): string => ensureNkey(fileOf(holder), HOLDERS[holder].kind).publicKey;
  return {
    identities: Object.fromEntries(holders.map((holder) => [holder, publicKeyOf(holder)])) as Record<Holder, string>,
    seedFiles: Object.fromEntries(holders.map((holder) => [holder, fileOf(holder)])) as Record<Holder, string>,
  };
}
