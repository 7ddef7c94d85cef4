import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { API_BASE_PATH, ApiError, apiClient } from '@caravan/api';
import type { ApiClient, ClientOptions } from '@caravan/api';
import { noticed } from '../output/late-notice.js';
import { textOption } from '../options.js';
import type { Options } from '../options.js';
import { usageError } from '../failures/cli-error.js';
import type { Terminal } from '../terminal.js';
import { configFile, readConfig } from './config-file.js';
import type { Context } from './config-file.js';
import { fetchOverTls } from './fetch-over-tls.js';

/** A management API that a command can call; a refusal says which request it was. */
export interface Api {
  readonly url: string;
  /** The authorities that it must be proved by, PEM; undefined: those that this system trusts. */
  readonly trust?: string | undefined;
  readonly call: ApiClient['call'];
  /** The same without a word, for whoever says itself what is waited for. */
  readonly callUnsaid: ApiClient['call'];
}

/** How long an answer is waited for, and whom it is told that it is late; a program that reads errors is not told. */
export interface Waiting {
  readonly timeoutMs?: number | undefined;
  readonly notice?: Pick<Terminal, 'err'> | undefined;
}
const TIMEOUT_MS = 30_000;

/** The base URL of the API: whoever gives only where it is means its usual path there. Throws `cli.bad-url`. */
export const readApiUrl = (text: string, remedy = '--url http://127.0.0.1:4400'): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw usageError('cli.bad-url', `"${text}" is not the URL of an API.`, remedy);
  }
  return url.pathname === '/' ? `${url.origin}${API_BASE_PATH}` : url.href.replace(/\/$/, '');
};

/**
 * The options of this run, else the environment, else the stored login: the address, who asks, and whom the API is proved by, each on
 * its own. Throws `cli.not-logged-in`, `cli.half-a-certificate`, `cli.certificate-without-tls`.
 */
export const resolveContext = async (options: Options, terminal: Terminal): Promise<Context> => {
  const { env, cwd } = terminal;
  const config = await readConfig(configFile(terminal));
  const asked = textOption(options, 'context') ?? env['CARAVAN_CONTEXT'];
  const stored = config.contexts[asked ?? config.current];
  if (asked !== undefined && stored === undefined) {
    const known = Object.keys(config.contexts).join(', ') || 'none';
    throw usageError('cli.unknown-context', `There is no login called "${asked}"; stored: ${known}.`);
  }
  const url = textOption(options, 'url') ?? env['CARAVAN_URL'] ?? stored?.url;
  const isSame = stored?.url === undefined || url === undefined || sameOrigin(stored.url, url);
  const levels = [said((name) => textOption(options, name), cwd), said((name) => env[variables[name]], cwd)];
  if (stored && isSame) levels.push(stored);
  // Whoever is named is the one who asks: nobody else is shown beside.
  const caller = levels.find((level) => callerParts.some((part) => level[part] !== undefined));
  const certificateAuthority = levels.find((level) => level.certificateAuthority !== undefined)?.certificateAuthority;
  if (url === undefined || caller === undefined) {
    throw usageError(
      'cli.not-logged-in',
      url === undefined
        ? 'It is not known which installation to talk to.'
        : `It is not known who asks ${url}: there is no token, and no certificate.`,
      'caravan login --url <url> --token-file <file>, or --client-certificate <file> --client-key <file>',
    );
  }
  if ((caller.clientCertificate === undefined) !== (caller.clientKey === undefined)) {
    const detail = 'A certificate is shown by whoever has its key: one of the two is missing.';
    throw usageError('cli.half-a-certificate', detail, '--client-certificate <file> --client-key <file>');
  }
  if (caller.clientCertificate !== undefined && new URL(readApiUrl(url)).protocol !== 'https:') {
    const detail = `A certificate is shown over TLS alone, and ${url} is without.`;
    throw usageError('cli.certificate-without-tls', detail, '--url https://…, or a token');
  }
  const parts = Object.fromEntries(callerParts.flatMap((part) => (caller[part] ? [[part, caller[part]]] : [])));
  return { url: readApiUrl(url), ...parts, ...(certificateAuthority !== undefined && { certificateAuthority }) };
};

const callerParts = ['token', 'tokenFile', 'clientCertificate', 'clientKey'] as const;
type Said = Omit<Context, 'url'>;

const variables: Readonly<Record<keyof Said, string>> = {
  token: 'CARAVAN_TOKEN',
  tokenFile: 'CARAVAN_TOKEN_FILE',
  clientCertificate: 'CARAVAN_CLIENT_CERTIFICATE',
  clientKey: 'CARAVAN_CLIENT_KEY',
  certificateAuthority: 'CARAVAN_CERTIFICATE_AUTHORITY',
};

/** What options or variables say. A token that is said itself comes before the file of one. */
const said = (of: (name: keyof Said) => string | undefined, cwd: string): Said => {
  const token = of('token');
  const files = (['tokenFile', 'clientCertificate', 'clientKey', 'certificateAuthority'] as const).flatMap((name) => {
    const file = name === 'tokenFile' && token ? undefined : of(name);
    return file ? [[name, path.resolve(cwd, file)]] : [];
  });
  return { ...(token && { token }), ...Object.fromEntries(files) } as Said;
};

// A stored token belongs to the server that it was stored for: another --url must not be sent it.
const sameOrigin = (stored: string, asked: string): boolean =>
  new URL(readApiUrl(stored)).origin === new URL(readApiUrl(asked)).origin;

export const readToken = async ({ token, tokenFile }: Context): Promise<string | undefined> =>
  (token ?? (tokenFile === undefined ? undefined : await readFile(tokenFile, 'utf8')))?.trim();

/** `fetch` is absent where Node's own will do. */
const overTls = async (context: Context): Promise<{ trust?: string | undefined; fetch?: typeof fetch }> => {
  const { url, certificateAuthority, clientCertificate, clientKey } = context;
  const textOf = async (file: string | undefined) => (file === undefined ? undefined : readFile(file, 'utf8'));
  const isTls = new URL(url).protocol === 'https:';
  // Without TLS it is of use only where another address is named, which is known by it; one that is not there is missed then.
  if (!isTls) return { trust: await textOf(certificateAuthority).catch(() => undefined) };
  const files = [certificateAuthority, clientCertificate, clientKey];
  const [trust, certificate, key] = await Promise.all(files.map(textOf));
  if (files.every((file) => file === undefined)) return {};
  try {
    return { trust, fetch: fetchOverTls({ trust, certificate, key }) };
  } catch (error) {
    const named = files.filter((file) => file !== undefined).join(', ');
    const detail = `These files are of no use for TLS: ${named} (${(error as Error).message}).`;
    throw usageError(
      'cli.bad-certificate',
      detail,
      'PEM files: a certificate, its key, and the authorities of the API',
    );
  }
};

export const openApi = async (context: Context, waiting?: Waiting): Promise<Api> => {
  const [token, { trust, fetch }] = await Promise.all([readToken(context), overTls(context)]);
  return apiAt({ url: context.url, token, trust, ...(fetch && { fetch }) }, waiting);
};

/** An API of which all that is needed is at hand. */
export const apiAt = (
  { trust, ...at }: Omit<ClientOptions, 'timeoutMs'> & Pick<Api, 'trust'>,
  { timeoutMs = TIMEOUT_MS, notice }: Waiting = {},
): Api => {
  const { url } = at;
  const client = apiClient({ ...at, timeoutMs });
  const callUnsaid: Api['call'] = (route, ...input) =>
    client.call(route, ...input).catch((error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
      const at = `${url}${pathOf(route.path, input[0].params ?? {})}`;
      throw new ApiError({ ...error.problem, instance: `${route.method} ${at}` });
    });
  const late = `No answer from ${url} yet; waiting for it`;
  const call: Api['call'] = (...request) => noticed(callUnsaid(...request), late, timeoutMs, notice);
  return { url, trust, call, callUnsaid };
};

const pathOf = (pattern: string, params: Readonly<Record<string, string>>): string =>
  pattern.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');

export const connect = async (options: Options, terminal: Terminal, how?: { timeoutMs?: number }): Promise<Api> =>
  openApi(await resolveContext(options, terminal), { ...how, notice: noticeFor(options, terminal) });

/** With `-o json` all of stderr is one document. */
export const noticeFor = (options: Options, terminal: Terminal): Waiting['notice'] =>
  textOption(options, 'output') === 'json' ? undefined : terminal;
