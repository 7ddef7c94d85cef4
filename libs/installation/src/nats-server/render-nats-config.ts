import type { NatsConfig, NatsExport, NatsImport, NatsUser, SubjectRules } from './nats-config.js';

const MEBIBYTE = 1_048_576;

/** A value as nats-server's configuration language takes it. Quoted text can hold no control characters there. */
function text(value: string): string {
  // eslint-disable-next-line no-control-regex -- those are what must not come through
  if (/[\u0000-\u001f\u007f]/.test(value))
    throw new Error(`${JSON.stringify(value)} cannot stand in a NATS configuration`);
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** A subject filter: tokens without spaces, `*` as a whole token, `>` only as the last. */
function subject(value: string): string {
  const tokens = value.split('.');
  const wrong = (token: string, index: number): boolean =>
    token === '' ||
    /\s/.test(token) ||
    (/[*>]/.test(token) && token.length > 1) ||
    (token === '>' && index < tokens.length - 1);
  if (tokens.some(wrong)) throw new Error(`${JSON.stringify(value)} is not a NATS subject`);
  return text(value);
}

function nkey(kind: 'U' | 'A', value: string): string {
  if (!new RegExp(`^${kind}[A-Z2-7]{55}$`).test(value))
    throw new Error(`${JSON.stringify(value)} is not a public nkey (${kind}...)`);
  return text(value);
}

const list = (items: readonly string[]): string => `[${items.join(', ')}]`;
const lines = (items: readonly string[]): string => items.map((item) => `      ${item}\n`).join('');

function rules({ allow, deny = [] }: SubjectRules): string {
  // An empty allow list would mean "everything" to nats-server; denying all says what was meant.
  const denied = allow.length === 0 ? ['>'] : deny;
  const parts = [
    allow.length > 0 ? `allow: ${list(allow.map(subject))}` : '',
    denied.length > 0 ? `deny: ${list(denied.map(subject))}` : '',
  ];
  return `{ ${parts.filter(Boolean).join(', ')} }`;
}

function user({ nkey: key, publish, subscribe, allowResponses }: NatsUser): string {
  const responses = allowResponses ? ', allow_responses: true' : '';
  return `{ nkey: ${nkey('U', key)}, permissions: { publish: ${rules(publish)}, subscribe: ${rules(subscribe)}${responses} } }`;
}

const exported = ({ kind, subject: name, toAccounts = ['SITES'] }: NatsExport): string =>
  `{ ${kind}: ${subject(name)}, accounts: ${list(toAccounts)} }`;

const imported = ({ kind, from, subject: name, to }: NatsImport): string =>
  `{ ${kind}: { account: ${from}, subject: ${subject(name)} }${to === undefined ? '' : `, to: ${subject(to)}`} }`;

const users = (of: readonly NatsUser[]): string => `    users: [\n${lines(of.map(user))}    ]`;

function accounts({ management, sites, auth, system }: NatsConfig): string {
  return `accounts {
  MGMT {
    jetstream: enabled
${users(management.users)}
    exports: [
${lines(management.exports.map(exported))}    ]
  }
  SITES {
    imports: [
${lines(sites.imports.map(imported))}    ]
    exports: [
${lines((sites.exports ?? []).map((offer) => exported({ toAccounts: ['MGMT'], ...offer })))}    ]
  }
  AUTH {
${users(auth.users)}
  }
  SYS {
${users(system.users)}
  }
}
system_account: SYS`;
}

/**
 * The text of our nats-server's configuration: mutual TLS first, four accounts, every message synced to disk, and an auth
 * callout for every client that is not one of the listed users. Pure. Throws on a subject or key that is none.
 */
export function renderNatsConfig(config: NatsConfig): string {
  const { listen, tls, callout, management, auth, system } = config;
  const listed = [...management.users, ...auth.users, ...system.users];
  return `server_name: ${text(config.serverName)}
listen: ${text(`${listen.host}:${listen.port}`)}
http: "127.0.0.1:${config.monitorPort}"
max_payload: ${config.maxPayload ?? MEBIBYTE}

tls {
  cert_file: ${text(tls.certFile)}
  key_file: ${text(tls.keyFile)}
  ca_file: ${text(tls.caFile)}
  verify: true
  handshake_first: true
  timeout: ${tls.timeoutSeconds ?? 5}
}

jetstream {
  store_dir: ${text(config.jetstream.storeDir)}
  sync_interval: always
}

${accounts(config)}

# Listed users sign in by nkey; everybody else is asked about in AUTH, and refused when nobody answers in time.
authorization {
  timeout: ${callout.timeoutSeconds ?? 5}
  auth_callout {
    issuer: ${nkey('A', callout.issuer)}
    account: AUTH
    auth_users: ${list(listed.map(({ nkey: key }) => nkey('U', key)))}
  }
}
`;
}
