import { CAPABILITY, MAX_SITE_MESSAGE_BYTES, OLDEST_CAPABILITY } from '@caravan/events';
import type { ProtocolError } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { mayHelpLater, readJson, refusalOf } from '../http/index.js';

/**
 * The bytes of the site protocol: a request is one JSON object and so is the answer, with nothing of a framework around them.
 * A refusal is `protocolErrorSchema`.
 */
const encoder = new TextEncoder();

/** Throws Rejection `request.too-large` before anything is parsed, `request.not-json`, `request.invalid`, `capability.too-old`. */
export function readMessage(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_SITE_MESSAGE_BYTES) {
    const detail = `The message has ${bytes.length} bytes; at most ${MAX_SITE_MESSAGE_BYTES} are read.`;
    throw new Rejection('request.too-large', { detail, limit: MAX_SITE_MESSAGE_BYTES });
  }
  const message = readJson(bytes);
  requireCapability(message);
  return message;
}

/** Before the shape: of what is no longer spoken, this is all that is understood. */
function requireCapability(message: unknown): void {
  const { capability } = Object(message) as { capability?: unknown };
  if (!Number.isInteger(capability) || Number(capability) >= OLDEST_CAPABILITY) return;
  const detail = `This site speaks version ${Number(capability)} of the site protocol, and ${OLDEST_CAPABILITY} is the oldest that is understood: update the site.`;
  throw new Rejection('capability.too-old', { detail, oldest: OLDEST_CAPABILITY, newest: CAPABILITY });
}

export const writeMessage = (body: unknown): Uint8Array => encoder.encode(JSON.stringify(body));

/** What a site is told about anything that was thrown. */
export function protocolErrorOf(error: unknown): ProtocolError {
  const { code, detail, details, unforeseen } = refusalOf(error);
  const retry = unforeseen || mayHelpLater(code) ? 'later' : 'never';
  const { detail: _said, ...facts } = details;
  return { error: { code, detail, retry, ...(Object.keys(facts).length > 0 && { details: facts }) } };
}
