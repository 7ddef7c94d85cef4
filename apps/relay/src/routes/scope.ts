import { CONTROL_ADDRESS } from '@caravan/data-plane';
import { z } from 'zod';

/** Addresses live in scopes: one for each network, and one that holds nothing but the way to the management plane. */
export type Scope = 'control' | `network:${string}`;

export const CONTROL_SCOPE: Scope = 'control';
export const networkScope = (networkId: string): Scope => `network:${networkId}`;
/** A connector's: without a network it is the management plane's own. */
export const scopeOf = (networkId: string | null): Scope =>
  networkId === null ? CONTROL_SCOPE : networkScope(networkId);

export const scopeSchema = z.custom<Scope>(
  (value) => typeof value === 'string' && /^(control|network:[A-Za-z0-9._-]{1,128})$/.test(value),
  'control, or network:<id>',
);

/** `caravan.control` is reserved: it is the one address of its scope, and of no other. */
export const fitsScope = (scope: Scope, address: string): boolean =>
  (address === CONTROL_ADDRESS) === (scope === CONTROL_SCOPE);
