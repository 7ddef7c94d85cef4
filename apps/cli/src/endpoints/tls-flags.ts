import type { ConnectorTls, ListenerTls } from '@caravan/api';
import type { Flag } from '../command.js';
import { switchOption, textOption } from '../options.js';
import type { Options } from '../options.js';

const own = 'what the site makes itself unless another name is given';

/** Of `consume`: clients speak TLS to the site. Any of them asks for it. */
export const endingFlags: readonly Flag[] = [
  { syntax: '--tls', about: `clients speak TLS to the site, which ends there; proven by ${own}` },
  { syntax: '--tls-cert <name>', about: 'proven by <dir>/supplied/<name>/tls.crt and tls.key at the site' },
  { syntax: '--tls-clients <name>', about: 'only clients that stand below <dir>/supplied/<name>/ca.crt' },
];

/** Of `expose`: the site speaks TLS to the server. */
export const beginningFlags: readonly Flag[] = [
  { syntax: '--tls', about: `the site speaks TLS to the server; it trusts and shows ${own}` },
  { syntax: '--tls-name <host>', about: 'what the server must prove to be (its host)' },
  { syntax: '--tls-trust <name>', about: 'the server must stand below <dir>/supplied/<name>/ca.crt' },
  { syntax: '--tls-cert <name>', about: 'shown to a server that asks: <dir>/supplied/<name>/tls.crt and tls.key' },
];

const given = (options: Options, name: string): string | null => textOption(options, name) ?? null;
const isAsked = (options: Options, ...values: readonly (string | null)[]): boolean =>
  switchOption(options, 'tls') || values.some((value) => value !== null);

export function endingOf(options: Options): { readonly tls?: ListenerTls } {
  const [certificate, clients] = [given(options, 'tlsCert'), given(options, 'tlsClients')];
  return isAsked(options, certificate, clients) ? { tls: { certificate, clients } } : {};
}

export function beginningOf(options: Options): { readonly tls?: ConnectorTls } {
  const names = ['tlsName', 'tlsTrust', 'tlsCert'].map((name) => given(options, name));
  const [serverName = null, trust = null, certificate = null] = names;
  return isAsked(options, ...names) ? { tls: { serverName, trust, certificate } } : {};
}
