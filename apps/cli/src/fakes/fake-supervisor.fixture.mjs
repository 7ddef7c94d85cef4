// Stands in for the supervisor of a site: takes its arguments, writes api.json, serves the local API and joins step by step.
// FAKE_SITE says what becomes of it: joins, refused, dismissed (refused, and gone before anybody looks), dies (before it answers), stuck (asks and is never answered), removed (joined once), member (joined before), ended (its network).
// Also: in-use (another process has the directory), mute (ends without a word), unfit (its file is worth nothing), sealed (the key of the site is another), stumbles (cannot begin, and tries again), full (joined, its disk is full: nothing is done there), waits (for its network).
// FAKE_GATE: a file; until it is there it says nothing, as one that is just being started.
// FAKE_MANAGEMENT=away: what is asked of it is refused, and nobody knows whether it was decided.
// FAKE_ENDPOINT says why an endpoint fails; without it every one is applied.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { siteFileSchema, siteRoutes } from '@caravan/api';

const { values } = parseArgs({ options: { dir: { type: 'string' }, file: { type: 'string' } } });
const at = (name) => path.join(values.dir, name);
const fate = process.env.FAKE_SITE ?? 'joins';
if (fate === 'in-use') process.exit(75);
if (fate === 'mute') process.exit(70);
console.error(
  JSON.stringify({ message: 'supervisor started', leaked: process.env.CARAVAN_TOKEN ?? null, pid: process.pid }),
);
writeFileSync(at('supervisor.lock.new'), `${process.pid} of this machine`);
renameSync(at('supervisor.lock.new'), at('supervisor.lock')); // whole or not at all
if (fate === 'dies') {
  console.error('site-directory.not-ours: the directory cannot be used');
  process.exit(7);
}
const unfit = {
  unfit:
    'shop.json cannot be used: its key is not that of its certificate. Download it again. (site-directory.bad-file)',
  sealed:
    'state is sealed under another key. Start with the key that this site was made with. (site-directory.wrong-seal-key)',
};
if (fate in unfit) {
  const why = unfit[fate];
  for (const line of [`site-controller ends: ${why}`, `the site cannot be started: ${why}`]) console.error(line);
  process.exit(78);
}
if (fate === 'dismissed') {
  console.error('joining was refused for ever: The invitation was revoked. (invitation.revoked)');
  process.exit(3);
}

if (fate === 'stumbles') console.error('site-controller ends: /site cannot be written: no space is left. Free some.');
while (fate === 'stumbles') await new Promise((resolve) => setTimeout(resolve, 1_000));

const gate = process.env.FAKE_GATE;
while (gate && !existsSync(gate)) await new Promise((resolve) => setTimeout(resolve, 50));
mkdirSync(values.dir, { recursive: true });
// A site remembers what it is: the file is needed once.
if (!existsSync(at('site.json'))) writeFileSync(at('site.json'), readFileSync(values.file));
const file = siteFileSchema.parse(JSON.parse(readFileSync(at('site.json'), 'utf8')));
const isMember = file.format === 'caravan.invitation';

const state = {
  version: '0.1.0',
  role: isMember ? 'member' : 'backbone',
  step: 'invited',
  installation: file.installation,
  sourceId: isMember ? file.invitation.id : file.site.id,
  siteId: null,
  name: null,
  network: isMember ? { id: file.invitation.networkId, name: file.invitation.networkName } : null,
  backbone: isMember ? null : { id: file.site.backboneId, name: file.site.backboneName },
  connected: false,
  relayConnected: true,
  revision: 0,
  appliedRevision: 0,
  troubles: [],
};
const trouble = (code, detail) => ({ code, detail, since: '2026-11-20T12:00:00.000Z' });
const joins = [
  { step: 'key-made', troubles: [trouble('link.unreachable', 'No access point answers yet.')] },
  { step: 'pending', troubles: [] },
  { step: 'admitted', siteId: '0198c0de-0000-7000-8000-000000000099', name: isMember ? 'hq' : file.site.name },
  { step: 'joined', connected: true, revision: 12, appliedRevision: 12 },
];
const fates = {
  joins,
  stuck: joins.slice(0, 1),
  member: [{ ...joins[3], name: 'hq' }],
  ended: [
    {
      ...joins[3],
      name: 'hq',
      connected: false,
      troubles: [trouble('network.ended', 'The network retail ended at noon.')],
    },
  ],
  removed: [
    { ...joins[3], name: 'hq', troubles: [trouble('site.removed', 'Nothing is asked of this site any more.')] },
  ],
  full: [{ ...joins[3], name: 'hq', troubles: [trouble('disk.full', 'No space is left. Free some space.')] }],
  waits: [{ ...joins[0], troubles: [trouble('network.not-started', 'The network retail starts at noon.')] }],
  refused: [joins[0], { step: 'refused', troubles: [trouble('invitation.expired', 'The deadline has passed.')] }],
};
// One step further with each look, so that whoever looks sees every one.
const changes = [{}, ...fates[fate]];

const endpoints = { listeners: [], connectors: [] };
const link = {
  id: 'member',
  direction: 'dialled',
  access: 'member',
  host: '192.0.2.10',
  port: 7445,
  peerIdentity: null,
  peerChain: [{ subject: 'CN=east', issuer: 'CN=infrastructure', serial: '01', notAfter: '2027-01-01T00:00:00.000Z' }],
  since: '2026-11-20T12:00:00.000Z',
  streams: 1,
  bytesIn: 1,
  bytesOut: 2,
};
const unsaid = ['requestedOrdinal', 'subject', 'issuer', 'serial', 'identity', 'notBefore', 'notAfter'];
const certificate = {
  ...Object.fromEntries(unsaid.map((name) => [name, null])),
  id: isMember ? 'claim' : 'bootstrap',
  state: 'held',
  ordinal: 1,
  hosts: [],
  fingerprint: createHash('sha256')
    .update(Buffer.from(file.certificate.chain[0].replace(/-----[A-Z ]+-----/g, ''), 'base64'))
    .digest('hex'),
};
const items = (isMember ? file.links : file.items).map((desired) => ({
  key: `${desired.kind}/${desired.id}`,
  kind: desired.kind,
  revision: 0,
  state: 'waiting',
  detail: null,
  port: null,
  desired,
}));
const answers = {
  'GET /items': () => ({ items }),
  'GET /state': () => Object.assign(state, changes.shift()),
  'GET /certificates': () => ({ items: state.step === 'joined' ? [] : [certificate] }),
  'GET /links': () => ({ items: [link] }),
  'POST /leave': () => ({ network: state.network }),
};
for (const name of ['listeners', 'connectors']) {
  answers[`GET /${name}`] = () => ({ items: endpoints[name] });
  answers[`GET /${name}/id`] = (id) => endpoints[name].find((each) => each.id === id && each.state !== 'unknown');
  answers[`POST /${name}`] = (_, body) => {
    const item = {
      id: `0198c0de-0000-7000-8000-00000000010${endpoints[name].length}`,
      ...body,
      state: 'unknown',
      detail: null,
    };
    endpoints[name].push(item);
    const outcome = process.env.FAKE_ENDPOINT
      ? { state: 'failed', detail: process.env.FAKE_ENDPOINT }
      : { state: 'applied' };
    if (fate !== 'full') setTimeout(() => Object.assign(item, outcome), 300);
    return item;
  };
  answers[`DELETE /${name}/id`] = (id) => void (endpoints[name] = endpoints[name].filter((each) => each.id !== id));
}

const token = 'token-of-the-site';
const AWAY = JSON.stringify({
  type: 'urn:caravan:problem:management.away',
  title: 'management: away',
  status: 503,
  code: 'management.away',
  detail:
    'The management plane decides this and is away: no answer. It is not known whether it was decided. Look at the list once this site is connected; sent again with the same Idempotency-Key it is decided once.',
});
const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  const where = request.url.replace('/site/v1', '');
  const [, collection, id] = where.split('/');
  const key = `${request.method} /${collection}${id ? '/id' : ''}`;
  const route = siteRoutes.find((each) => `${each.method} ${each.path.replace(/\{.*\}/, 'id')}` === key);
  const known = request.headers.authorization === `Bearer ${token}`;
  if (known && request.method !== 'GET' && process.env.FAKE_MANAGEMENT === 'away')
    return response.writeHead(503).end(AWAY);
  if (!route || !known) return response.writeHead(known ? 404 : 401).end('{}');
  const reply = answers[key](id, text === '' ? undefined : route.body.parse(JSON.parse(text)));
  if (route.reply && reply === undefined) return response.writeHead(404).end('{}');
  response.writeHead(route.status).end(route.reply ? JSON.stringify(route.reply.parse(reply)) : '');
});
// As a site does it: on the port of the last run, and saying so a little later.
const lastPort = existsSync(at('api.json')) ? new URL(JSON.parse(readFileSync(at('api.json'), 'utf8')).url).port : 0;
server.listen(Number(lastPort), '127.0.0.1', () => {
  writeFileSync(at('api.token'), token, { mode: 0o600 });
  const url = `http://127.0.0.1:${server.address().port}/site/v1`;
  const sayWhere = () =>
    writeFileSync(at('api.json'), JSON.stringify({ url, tokenFile: at('api.token'), pid: process.pid }));
  if (lastPort === 0) sayWhere();
  else setTimeout(sayWhere, 1_000);
});
const end = () => {
  const refusal = state.step === 'refused' ? state.troubles.at(-1) : undefined;
  if (refusal) console.error(`joining was refused for ever: ${refusal.detail} (${refusal.code})`);
  for (const name of ['api.json', 'supervisor.lock']) rmSync(at(name), { force: true });
  process.exit(0);
};
process.on('SIGTERM', end);
process.on('SIGINT', end);
if (process.env.CARAVAN_PARENT === 'stdin') process.stdin.on('close', end).resume();
// Whatever becomes of the spec, no process stays behind.
setTimeout(end, 120_000);
