import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { API_BASE_PATH, ApiError, apiClient } from '@caravan/api';
import type { ApiClient } from '@caravan/api';
import { noticed } from '../output/late-notice.js';
import { textOption } from '../options.js';
import type { Options } from '../options.js';
import { usageError } from '../failures/cli-error.js';
import type { Terminal } from '../terminal.js';
import { configFile, readConfig } from './config-file.js';
import type { Context } from './config-file.js';

/** A management API that a command can call; a refusal says which request it was. */
export interface Api {
  readonly url: string;
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
export const readApiUrl = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw usageError('cli.bad-url', `"${text}" is not the URL of an API.`, '--url http://127.0.0.1:4400');
  }
  return url.pathname === '/' ? `${url.origin}${API_BASE_PATH}` : url.href.replace(/\/$/, '');
};

/** The options of this run, else the environment, else the stored login; each part on its own. Throws `cli.not-logged-in`. */
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
  const secret =
    chosen(cwd, textOption(options, 'token'), textOption(options, 'tokenFile')) ??
    chosen(cwd, env['CARAVAN_TOKEN'], env['CARAVAN_TOKEN_FILE']) ??
    (stored?.url === undefined || url === undefined || sameOrigin(stored.url, url)
      ? chosen(cwd, stored?.token, stored?.tokenFile)
      : undefined);
  if (url === undefined || secret === undefined) {
    throw usageError(
      'cli.not-logged-in',
      url === undefined ? 'It is not known which installation to talk to.' : `There is no token for ${url}.`,
      'caravan login --url <url> --token-file <file>',
    );
  }
  return { url: readApiUrl(url), ...secret };
};

// A stored token belongs to the server that it was stored for: another --url must not be sent it.
const sameOrigin = (stored: string, asked: string): boolean =>
  new URL(readApiUrl(stored)).origin === new URL(readApiUrl(asked)).origin;

const chosen = (cwd: string, token?: string, tokenFile?: string): Omit<Context, 'url'> | undefined => {
  if (token) return { token };
  return tokenFile ? { tokenFile: path.resolve(cwd, tokenFile) } : undefined;
};

export const readToken = async ({ token, tokenFile }: Context): Promise<string> =>
  (token ?? (await readFile(tokenFile ?? '', 'utf8'))).trim();

export const openApi = async (context: Context, { timeoutMs = TIMEOUT_MS, notice }: Waiting = {}): Promise<Api> => {
  const { url } = context;
  const client = apiClient({ url, token: await readToken(context), timeoutMs });
  const callUnsaid: Api['call'] = (route, ...input) =>
    client.call(route, ...input).catch((error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
      const at = `${url}${pathOf(route.path, input[0].params ?? {})}`;
      throw new ApiError({ ...error.problem, instance: `${route.method} ${at}` });
    });
  const late = `No answer from ${url} yet; waiting for it`;
  const call: Api['call'] = (...request) => noticed(callUnsaid(...request), late, timeoutMs, notice);
  return { url, call, callUnsaid };
};

const pathOf = (pattern: string, params: Readonly<Record<string, string>>): string =>
  pattern.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');

export const connect = async (options: Options, terminal: Terminal, how?: { timeoutMs?: number }): Promise<Api> =>
  openApi(await resolveContext(options, terminal), { ...how, notice: noticeFor(options, terminal) });

/** With `-o json` all of stderr is one document. */
export const noticeFor = (options: Options, terminal: Terminal): Waiting['notice'] =>
  textOption(options, 'output') === 'json' ? undefined : terminal;
