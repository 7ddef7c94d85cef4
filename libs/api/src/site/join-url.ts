import { joinTokenSecretSchema } from '../v1/join-tokens.js';
import { API_BASE_PATH } from '../v1/index.js';

/** What somebody is told who is to join: where, and by which secret. */
export interface JoinUrl {
  /** Base URL of the API: `https://caravan.example.com:4443/api/v1`. */
  readonly api: string;
  /** That of a join token. */
  readonly secret: string;
  /** SHA-256 (base64url) of the DER of the certificate that the API has to be proved by; absent: any that the joining machine trusts. */
  readonly pin?: string | undefined;
}

const PAGE = '/join';
const PIN = /^[A-Za-z0-9_-]{43}$/;

/** `https://caravan.example.com:4443/join#<secret>.<pin>`; undefined where the API is not at its usual path. What follows `#` no browser sends. */
export function writeJoinUrl({ api, secret, pin }: JoinUrl): string | undefined {
  const base = api.endsWith(API_BASE_PATH) ? api.slice(0, -API_BASE_PATH.length) : undefined;
  return base === undefined ? undefined : `${base}${PAGE}#${secret}${pin === undefined ? '' : `.${pin}`}`;
}

/** Undefined: it is not one, or not all of one. */
export function readJoinUrl(text: string): JoinUrl | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || !url.pathname.endsWith(PAGE)) return undefined;
  const [secret = '', pin, ...more] = url.hash.slice(1).split('.');
  const isWhole = joinTokenSecretSchema.safeParse(secret).success && (pin === undefined || PIN.test(pin));
  if (!isWhole || more.length > 0 || url.search !== '' || url.username !== '' || url.password !== '') return undefined;
  const api = url.origin + url.pathname.slice(0, -PAGE.length) + API_BASE_PATH;
  return { api, secret, ...(pin !== undefined && { pin }) };
}
