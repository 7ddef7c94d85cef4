import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Credential, InvitationFile } from '@caravan/api';
import { itemSchema } from '@caravan/data-plane';
import type { LinkItem } from '@caravan/data-plane';
import { CAPABILITY, claimSubject, joinReplySchema, siteSubject, syncReplySchema } from '@caravan/events';
import type { JoinReply } from '@caravan/events';
import { ask, connectAsSite, newKey } from '@caravan/testing/installation';
import type { TestInstallation } from '@caravan/testing/installation';
import { wayInBand } from './way-in-band.js';

type Nats = Awaited<ReturnType<typeof connectAsSite>>;
type Admitted = Extract<JoinReply, { status: 'admitted' }>;

/**
 * What `npm run bench -- joins` calls a join: a key and its request; one mutual TLS connection with the claim certificate straight
 * to the management NATS server; the request in; the member certificate out, and with its key on the site's disk.
 */
export async function joinDirectly(installation: TestInstallation, file: InvitationFile, dir: string): Promise<void> {
  const { csr, key } = newKey('store');
  const nats = await connectAsSite(installation, file.certificate);
  try {
    const { siteId, chain } = await claim(nats, file.invitation.id, csr);
    await keep(dir, siteId, { chain: [...chain], key });
  } finally {
    await nats.close();
  }
}

/**
 * A whole join as a site does it that has no other way than the backbone: the same through the relay of the claim access point
 * and the management site's, then again as the member that it is now, up to its desired state.
 */
export async function joinInBand(installation: TestInstallation, file: InvitationFile, dir: string): Promise<void> {
  const { csr, key } = newKey('store');
  const { siteId, chain, items } = await throughRelays(installation, linkIn(file.links), file.certificate, (nats) =>
    claim(nats, file.invitation.id, csr),
  );
  const member = { chain: [...chain], key };
  await keep(dir, siteId, member);
  await throughRelays(installation, linkIn(items), member, async (nats) => {
    const asked = { capability: CAPABILITY, revision: 0 };
    return syncReplySchema.parse(await ask(nats, siteSubject(siteId, 'sync'), asked));
  });
}

async function throughRelays<T>(
  installation: TestInstallation,
  link: LinkItem,
  credential: Credential,
  speak: (nats: Nats) => Promise<T>,
): Promise<T> {
  const way = await wayInBand(link, credential);
  try {
    const nats = await connectAsSite(installation, credential, { port: way.port });
    try {
      return await speak(nats);
    } finally {
      await nats.close();
    }
  } finally {
    way.close();
  }
}

/** Asks until it is answered: `pending` says when to ask again. */
async function claim(nats: Nats, invitationId: string, csr: string): Promise<Admitted> {
  for (;;) {
    const reply = joinReplySchema.parse(await ask(nats, claimSubject(invitationId), { capability: CAPABILITY, csr }));
    if (reply.status === 'admitted') return reply;
    await pause(reply.retryAfterMs);
  }
}

function linkIn(items: readonly unknown[]): LinkItem {
  const links = items.map((item) => itemSchema.parse(item)).filter((item) => item.kind === 'link');
  if (!links[0]) throw new Error('there is no link by which a site could come');
  return links[0];
}

/** As a site-controller keeps it: whole and on disk before it has its name. */
async function keep(dir: string, siteId: string, credential: Credential): Promise<void> {
  const path = join(dir, `${siteId}.json`);
  const file = await open(`${path}.tmp`, 'wx', 0o600);
  try {
    await file.writeFile(JSON.stringify(credential));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.tmp`, path);
  const directory = await open(dir, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
