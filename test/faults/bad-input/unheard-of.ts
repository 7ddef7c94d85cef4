import { randomBytes } from 'node:crypto';
import { CLAIM_PATTERN, claimSubject, siteSubject } from '@caravan/events';
import { eventually, newKey } from '@caravan/testing/installation';
import { talk, tls } from './connections.js';
import { pageAt, sumOf } from './metrics.js';
import type { Stage } from './stage.js';
import { hostileHeaders } from './subjects.js';
import type { Letterbox } from './subjects.js';

/**
 * What no client library would do: good messages that nobody waits for, with answers to be sent to somebody else, with headers that
 * mean something to a server, and bytes that are not NATS. Says in words what had an effect.
 */
export async function unheardOf(stage: Stage, boxes: readonly Letterbox[]): Promise<string[]> {
  return [
    ...(await unanswerable(stage, boxes)),
    ...(await answeredElsewhere(stage, boxes)),
    ...(await withHeaders(boxes)),
    ...(await notNats(stage)),
  ];
}

/** How many requests of sites were refused so. */
async function refused({ installation }: Stage, code: RegExp): Promise<number> {
  const ports = installation.plane.healthPorts;
  const pages = [ports['management-controller'], ports['router-config']].map((port) =>
    pageAt(`http://127.0.0.1:${port}/metrics`),
  );
  return sumOf((await Promise.all(pages)).join('\n'), 'caravan_site_protocol_requests_total', code);
}

/** A claim by a new key would be an event, if anybody took it. */
async function unanswerable(stage: Stage, boxes: readonly Letterbox[]): Promise<string[]> {
  const count = () => refused(stage, /request\.unanswerable/);
  const before = await count();
  for (const box of boxes) {
    const message = box.pattern === CLAIM_PATTERN ? { ...box.message, csr: newKey('unheard').csr } : box.message;
    box.nats.publish(box.subject, JSON.stringify(message));
    await box.nats.flush();
  }
  await eventually('messages without a reply are counted', async () => (await count()) >= before + boxes.length);
  return [];
}

/**
 * Answers go where the sites' account leads, which is nowhere but to sites: whoever calls this sees that the log has nothing new
 * when all of them were given.
 */
async function answeredElsewhere(stage: Stage, boxes: readonly Letterbox[]): Promise<string[]> {
  const elsewhere = [
    `caravan.evt.topology.backbone.${stage.network.backboneId}`,
    '$JS.API.STREAM.DELETE.CARAVAN',
    '$SYS.REQ.SERVER.PING.CONNZ',
    '_INBOX_management-controller.x',
    claimSubject(stage.invitation.resource.id),
    siteSubject(stage.sites.east.resource.id, 'nudge'),
    siteSubject(stage.member.id, 'sync'),
  ];
  const count = () => refused(stage, /request\.invalid/);
  const before = await count();
  for (const { nats, subject } of boxes) {
    for (const reply of elsewhere) nats.publish(subject, '{"capability":1}', { reply });
    await nats.flush();
  }
  const all = before + boxes.length * elsewhere.length;
  let now = before;
  await eventually(
    () => `all are answered (${now - before} of ${all - before})`,
    async () => (now = await count()) >= all,
    { withinMs: 20_000 },
  );
  return [];
}

async function withHeaders(boxes: readonly Letterbox[]): Promise<string[]> {
  const faults: string[] = [];
  for (const { nats, subject, pattern } of boxes) {
    const answer = await nats.request(subject, '{"capability":1}', { headers: hostileHeaders(), timeout: 15_000 });
    const { code } = answer.json<{ error: { code: string } }>().error;
    if (code !== 'request.invalid') faults.push(`${pattern}: headers changed the answer to ${code}`);
  }
  return faults;
}

async function notNats({ installation, member, invitation }: Stage): Promise<string[]> {
  const connect = `CONNECT ${JSON.stringify({ verbose: false, name: randomBytes(20).toString('hex') })}\r\n`;
  const spoken: Readonly<Record<string, string>> = {
    'a message beyond the limit': `PUB ${claimSubject(invitation.resource.id)} 99999999\r\n`,
    'a command that is none': 'FOO bar\r\n',
    'a subject that is none': 'PUB caravan..> 0\r\n\r\n',
    'a line without end': 'x'.repeat(100_000),
  };
  const faults: string[] = [];
  for (const [what, line] of Object.entries(spoken)) {
    const dial = tls(installation.plane.natsPort, member.credential, 'localhost');
    const { ms, text } = await talk(dial, { begin: connect + line, half: true });
    if (ms === undefined || !text.includes('-ERR')) faults.push(`${what}: ${text.slice(-200)}`);
  }
  return faults;
}
