import { getSiteState, listSiteLinks, listSiteCertificates } from '@caravan/api';
import { z } from 'zod';
import { eventually } from '../eventually.js';
import { echoes } from './echoes.js';
import { natsMonitorOf } from './servers.js';
import type { Stage } from './stage.js';
import type { Visit } from './visit.js';

const connzSchema = z.object({ connections: z.array(z.object({ authorized_user: z.string().optional() })) });
const observedItem = z.object({ state: z.string(), detail: z.string().optional() });

/** Waits until the world is as the model says: with real requests across the network. @throws Error saying what it is not. */
export async function converged(stage: Stage, visit: Visit): Promise<void> {
  const { own, standing, removed, memberId, site } = visit;
  if (memberId === '') return;
  for (const door of [own, standing]) {
    if (!door) continue;
    const { port, leads } = door;
    await eventually(
      `the listener on ${port} ${leads ? 'leads across the network' : 'leads nowhere'}`,
      async () => (await echoes(port)) === leads,
    );
  }
  if (removed) await gone(stage, memberId);
  else
    await Promise.all([isWhatItShallBe(stage, memberId), speaksAs(stage, visit, site!.name), isHeard(stage, memberId)]);
}

/** Who has lost its connection with a relay that was killed is not there to be disconnected by what comes next. */
const isHeard = (stage: Stage, memberId: string): Promise<true> =>
  eventually(
    `the member ${memberId} is connected to NATS`,
    async () => (await connectedTo(stage))?.some((user) => user.endsWith(memberId)) ?? false,
  );

async function isWhatItShallBe(stage: Stage, siteId: string): Promise<void> {
  let missing = ['it has not reported'];
  const whole = async () => {
    const { desired, observed } = await stage.asking.read(stage.managementApi, getSiteState, { params: { siteId } });
    const items = desired.items as { kind: string; id: string }[];
    missing = items.flatMap(({ kind, id }) => {
      const state = observedItem.safeParse(observed?.items[`${kind}/${id}`]).data;
      return state?.state === 'applied' ? [] : [`${kind}/${id} is ${state?.state} ${state?.detail ?? ''}`];
    });
    return missing.length === 0 && items.length > 0;
  };
  await eventually(`the site ${siteId} reports that it is what it shall be`, whole).catch((error: Error) => {
    throw new Error(`${error.message} (${missing.join(', ')})`, { cause: error });
  });
}

/** The certificate that the site holds is the one that the log knows. */
async function speaksAs(stage: Stage, { memberId, site }: Visit, name: string): Promise<void> {
  const { items } = await stage.asking.read(() => site?.localApi(), listSiteCertificates, {});
  const held = items.find(({ id }) => id === 'site')?.fingerprint;
  // Who reads the log here was cut off with everybody else when its server was killed.
  const issued = await eventually(
    `the log knows the certificate that ${name} holds`,
    () =>
      stage.log.events.findLast(
        ({ type, data }) => type === 'CertificateIssued' && JSON.stringify(data).includes(memberId),
      )?.data as { fingerprint: string } | undefined,
  );
  if (held !== issued.fingerprint)
    throw new Error(`${name} holds the certificate ${held}, and the log knows ${issued.fingerprint}`);
}

/** Who was removed has no link at the backbone, and no connection to the management plane. */
async function gone(stage: Stage, memberId: string): Promise<void> {
  await eventually('the removed member has no link', async () => {
    const backboneSite = () => stage.backboneSite.site.localApi();
    const { items } = await stage.asking.read(backboneSite, listSiteLinks, {});
    return items.some(({ peerIdentity }) => peerIdentity?.endsWith(memberId)) ? undefined : true;
  });
  await eventually('the removed member is not connected to NATS', async () => {
    const connected = await connectedTo(stage);
    return connected && !connected.some((user) => user.endsWith(memberId));
  });
}

/** The identities of whom nats-server calls connected (`spiffe://…#<serial>`); undefined when it was killed and is not back yet. */
async function connectedTo({ installation }: Stage): Promise<string[] | undefined> {
  const url = `${natsMonitorOf(installation)}/connz?auth=true&limit=10000`;
  const answer = await fetch(url).catch(() => undefined);
  if (!answer) return undefined;
  const { connections } = connzSchema.parse(await answer.json());
  return connections.flatMap(({ authorized_user: user }) => user?.split('#', 1) ?? []);
}
