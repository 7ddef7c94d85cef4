import { isUtf8 } from 'node:buffer';
import { Rejection } from '@caravan/event-store';

/** Deeper than anything of ours, and shallow enough for everything here that walks a value by calling itself. */
const MOST_LEVELS = 64;

/**
 * JSON from outside as a value. RFC 8259 with less: UTF-8 (8.1), at most 64 levels, and only text that can be stored.
 * Of a name that comes twice the last one counts (RFC 8259, 4); there is one reader here, so nobody sees the other.
 *
 * @throws Rejection `request.not-json`; `request.invalid` for JSON that nothing here can hold
 */
export function readJson(bytes: Uint8Array): unknown {
  if (!isUtf8(bytes)) throw new Rejection('request.not-json', { detail: 'It is not UTF-8.' });
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if (isDeeper(text, MOST_LEVELS)) {
    throw new Rejection('request.invalid', { detail: `It is nested deeper than ${MOST_LEVELS} levels.` });
  }
  const value = parsedJson(text);
  // Only an escape can spell what UTF-8 cannot, or a NUL: most texts have none and are not walked through.
  if (text.includes('\\u')) requireStorable(value);
  return value;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Rejection('request.not-json', { detail: `It is not JSON: ${(error as Error).message.slice(0, 200)}` });
  }
}

/** Whether brackets outside strings ever stand deeper than `most`; of what is no JSON, that is for the parser to say. */
function isDeeper(text: string, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) at = endOfString(text, at);
    else if (character === BRACKET || character === BRACE) depth++;
    else if (character === BRACKET + 2 || character === BRACE + 2) depth--;
    if (depth > most) return true;
  }
  return false;
}

const [QUOTE, BACKSLASH, BRACKET, BRACE] = [0x22, 0x5c, 0x5b, 0x7b];

/** The place of the closing quote; the end of the text when there is none. */
function endOfString(text: string, opening: number): number {
  for (let at = opening + 1; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === BACKSLASH) at++;
    else if (character === QUOTE) return at;
  }
  return text.length;
}

// eslint-disable-next-line no-control-regex -- the one that PostgreSQL holds in no text
const UNSTORABLE = /\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/**
 * PostgreSQL holds neither a NUL nor half a surrogate pair, in text as in JSON. Checked where it comes in, and not found out
 * where it is written. Of values whose depth is bounded.
 *
 * @throws Rejection `request.invalid`, with the place
 */
export function requireStorable(value: unknown, path = ''): void {
  if (typeof value === 'string') {
    if (!UNSTORABLE.test(value)) return;
    throw new Rejection('request.invalid', { detail: `${path || 'It'}: text with a NUL or half a character in it` });
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, each] of Object.entries(value)) {
    if (UNSTORABLE.test(name))
      throw new Rejection('request.invalid', {
        detail: `${path || 'It'}: a name with a NUL or half a character in it`,
      });
    requireStorable(each, path === '' ? name.slice(0, 40) : `${path}.${name}`.slice(0, 80));
  }
}
