import {
  CAPABILITY,
  CLAIM_PATTERN,
  claimSubject,
  MAX_SITE_MESSAGE_BYTES,
  sitePattern,
  siteSubject,
} from '@caravan/events';
import { protocolErrorSchema } from '@caravan/events';
import { natsAccounts } from '@caravan/installation';
import type { NatsIdentities } from '@caravan/installation';
import { newKey } from '@caravan/testing/installation';
import { headers } from '@nats-io/transport-node';
import type { MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import { HOSTILE } from './hostile.js';
import { asRequest, UNWANTED } from './requests.js';
import type { Stage } from './stage.js';

/** One subject that a site may write, who may, and a message that is in order. */
export interface Letterbox {
  readonly pattern: string;
  readonly subject: string;
  readonly nats: NatsConnection;
  readonly message: Readonly<Record<string, unknown>>;
}

/**
 * Every subject on which a message of a site reaches the management plane: the services that the sites' account imports, since no
 * other subject of it leads anywhere. @throws Error naming one for which there is no message here
 */
export function letterboxes({ claimant, invitation, member, bootstrap }: Stage): Letterbox[] {
  const { csr } = newKey('letter');
  const asked = { capability: CAPABILITY };
  const from = { claimant: { nats: claimant }, member: { nats: member.nats }, bootstrap: { nats: bootstrap.nats } };
  const own = (topic: 'sync' | 'report' | 'certificate' | 'command', message: object) => ({
    ...from.member,
    subject: siteSubject(member.id, topic),
    message: { ...asked, ...message },
  });
  const observation = { items: {}, links: [] };
  const known: Readonly<Record<string, Omit<Letterbox, 'pattern'>>> = {
    [CLAIM_PATTERN]: { ...from.claimant, subject: claimSubject(invitation.resource.id), message: { ...asked, csr } },
    [sitePattern('enrol')]: {
      ...from.bootstrap,
      subject: siteSubject(bootstrap.id, 'enrol'),
      message: { ...asked, csr },
    },
    [sitePattern('sync')]: own('sync', { revision: 0 }),
    [sitePattern('report')]: own('report', { version: '1', appliedRevision: 0, host: null, observation }),
    [sitePattern('certificate')]: own('certificate', { itemId: 'nothing', ordinal: 1, csr }),
    [sitePattern('command')]: own('command', { commandId: 'c', command: 'close-listener', listenerId: member.id }),
  };
  return importedServices().map((pattern) => {
    const letterbox = known[pattern];
    if (!letterbox) throw new Error(`sites may write to ${pattern}, and nothing here does`);
    return { pattern, ...letterbox };
  });
}

function importedServices(): string[] {
  const nobody = 'nobody';
  const { sites } = natsAccounts(new Proxy({}, { get: () => nobody }) as NatsIdentities);
  return sites.imports.filter(({ kind }) => kind === 'service').map(({ subject }) => subject);
}

export interface BadLetter {
  readonly what: string;
  readonly payload: string | Uint8Array;
  readonly headers?: MsgHdrs;
  readonly code: RegExp;
}

const INVALID = /^request\.invalid$/;
const NOT_JSON = /^request\.not-json$/;
const TOO_OLD = /^capability\.too-old$/;
const REFUSED_REQUEST = /^(csr\.[a-z-]+|request\.invalid)$/;

/** Everything that is wrong with a message and can be told before anything is decided. */
export function badLetters({ message }: Letterbox): BadLetter[] {
  const text = (what: string, payload: string | Uint8Array, code: RegExp): BadLetter => ({ what, payload, code });
  const changed = (what: string, change: object, code: RegExp) =>
    text(what, JSON.stringify({ ...message, ...change }), code);
  const open = JSON.stringify(message).slice(0, -1);
  const fields = Object.keys(message).flatMap((field) =>
    Object.entries(HOSTILE)
      .filter(([what]) => !isFine(field, what))
      .map(([what, value]) => changed(`${what} as ${field}`, { [field]: value }, hostileCode(field))),
  );
  const missing = Object.keys(message).map((field) => changed(`no ${field}`, { [field]: undefined }, INVALID));
  const requests = 'csr' in message ? Object.entries(badRequests()) : [];
  return [
    text(
      'random bytes',
      Uint8Array.from({ length: 4_096 }, (_, index) => (index * 167 + 13) % 256),
      NOT_JSON,
    ),
    text('nothing', '', NOT_JSON),
    text('half an object', open, NOT_JSON),
    text('two objects', `${open}}${open}}`, NOT_JSON),
    text('null', 'null', INVALID),
    text('a list', `[${open}}]`, INVALID),
    text('a prototype', `${open},"__proto__":{"admin":true}}`, INVALID),
    text('another site', `${open},"siteId":"0199d1b0-0000-7000-8000-000000000001"}`, INVALID),
    text('a name of 200,000', `${open},"${'x'.repeat(200_000)}":1}`, INVALID),
    text(
      'twenty thousand names',
      `${open}${Array.from({ length: 20_000 }, (_, index) => `,"k${index}":1`).join('')}}`,
      /^request\.(invalid|too-large)$/,
    ),
    text('ten thousand levels', `${open},"deep":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`, INVALID),
    text('too much', new Uint8Array(MAX_SITE_MESSAGE_BYTES + 1), /^request\.too-large$/),
    text('as much as the server takes', new Uint8Array(1_048_000), /^request\.too-large$/),
    changed('version 0 of the protocol', { capability: 0 }, TOO_OLD),
    changed('version -1 of the protocol', { capability: -1 }, TOO_OLD),
    ...[1.5, 2 ** 53, '1', null, undefined, [1], 1_000_001].map((capability) =>
      changed(`version ${JSON.stringify(capability)} of the protocol`, { capability }, INVALID),
    ),
    ...missing,
    ...fields,
    ...requests.map(([what, csr]) => changed(what, { csr }, REFUSED_REQUEST)),
  ];
}

/** A negative number is an old version, in the one field where that is a thing to say. */
const hostileCode = (field: string): RegExp =>
  field === 'capability' ? /^(request\.invalid|capability\.too-old)$/ : field === 'csr' ? REFUSED_REQUEST : INVALID;

/** What is no name but an observation, say, may be text of any kind: what is in it is looked at apart. */
const FREE_TEXT: Readonly<Record<string, readonly string[]>> = {
  version: ['turned text', 'an emoji', 'an escape', 'a line', 'a way out', 'a subject', 'SQL'],
  itemId: ['turned text', 'an emoji', 'an escape', 'a line', 'a way out', 'a subject', 'SQL'],
  commandId: ['turned text', 'an emoji', 'an escape', 'a line', 'a way out', 'a subject', 'SQL'],
  host: ['nothing'],
};
const isFine = (field: string, what: string): boolean => FREE_TEXT[field]?.includes(what) === true;

function badRequests(): Record<string, string> {
  const { csr } = newKey('bad');
  const der = Buffer.from(csr.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  const deep = Buffer.concat(Array.from({ length: 60 }, () => Buffer.of(0x30, 0x80)));
  return {
    ...UNWANTED,
    'half a request': asRequest(der.subarray(0, der.length / 2)),
    'a request and more': asRequest(Buffer.concat([der, Buffer.of(0)])),
    'two requests': csr + csr,
    'random bytes as a request': asRequest(Uint8Array.from({ length: 500 }, (_, index) => (index * 73 + 5) % 256)),
    'a request of sixty sequences': asRequest(deep),
    'a length beyond all memory': asRequest(Buffer.of(0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 0x02, 0x01, 0x00)),
    'a request of 9,000': csr.replace('-----END', `${'A'.repeat(9_000)}\n-----END`),
    'no base64': csr.replace(/^([A-Z -]+-----\n)..../, '$1!!!!'),
    'a private key': newKey('lost').key,
  };
}

/** What servers do on a header's word, if anybody lets it through. */
export function hostileHeaders(): MsgHdrs {
  const all = headers();
  all.set('Nats-Msg-Id', 'x');
  all.set('Nats-Rollup', 'all');
  all.set('Nats-Expected-Stream', 'CARAVAN');
  all.set('Nats-Request-Info', '{"acc":"SYS"}');
  all.set('traceparent', 'x'.repeat(1_000));
  for (let index = 0; index < 200; index++) all.set(`X-${index}`, '\u0001<'.repeat(20));
  return all;
}

const MOST_ANSWER_BYTES = 8_192;

/** What is wrong with the answer to a bad letter, in words. */
export async function faultsOf(
  { nats, subject, pattern }: Letterbox,
  { what, payload, code }: BadLetter,
): Promise<string[]> {
  const says = (words: string) => [`${pattern}: ${what}: ${words}`];
  const answer = await nats.request(subject, payload, { timeout: 15_000 });
  const read = protocolErrorSchema.safeParse(answer.json());
  if (!read.success) return says(`answered with ${answer.string().slice(0, 100)}`);
  const { code: said, detail } = read.data.error;
  if (!code.test(said)) return says(`refused with ${said}: ${detail.slice(0, 100)}`);
  if (detail === '') return says('no words');
  return answer.data.length > MOST_ANSWER_BYTES ? says(`an answer of ${answer.data.length} bytes`) : [];
}
