import { setTimeout as pause } from 'node:timers/promises';
import { ApiError, getRevocation, listRevocations, planRevocation, revocationReasons, revoke } from '@caravan/api';
import type { BodyOf, Revocation, RevocationProgress } from '@caravan/api';
import { DRY_RUN } from '../command.js';
import type { CommandSpec, Flag, Invocation } from '../command.js';
import type { Api } from '../connection/connection.js';
import { CliError, usageError } from '../failures/cli-error.js';
import { idOf } from '../kinds/kind.js';
import type { Kind } from '../kinds/kind.js';
import { textOption } from '../options.js';
import type { Options } from '../options.js';
import { machineText } from '../output/format.js';
import { findOne } from '../resources/find-one.js';
import { listAll } from '../resources/listing.js';
import type { Params } from '../resources/listing.js';
import { UUID } from '../resources/resolve.js';
import { scopeOf } from '../resources/scope.js';
import { parentFlags, requiredRef } from '../resources/verb.js';
import { revocationPlanText } from '../trust/plan-text.js';

type Revocable = BodyOf<typeof revoke>['kind'];
type Reason = (typeof revocationReasons)[number];

/** As long as relays that are connected take, and some more; who is away is not waited for. */
const WAIT_MS = 3_000;
const LOOK_EVERY_MS = 100;

/** Whoever takes part is shown out; what is held is taken back. The end of trust is one and the same. */
const VERBS = {
  evict: { past: 'evicted', kinds: ['member', 'network'] },
  revoke: { past: 'revoked', kinds: ['certificate', 'backbone-site'] },
} as const satisfies Record<string, { readonly past: string; readonly kinds: readonly Revocable[] }>;
type EndOfTrust = keyof typeof VERBS;

export const takes = (verb: EndOfTrust, { name }: Kind): boolean =>
  (VERBS[verb].kinds as readonly string[]).includes(name);

const reasonFlag: Flag = {
  syntax: '--reason <reason>',
  about: `as lists of revoked certificates say it: ${revocationReasons.join(', ')}`,
};

function reasonOf({ options }: Invocation): { reason: Reason } | Record<string, never> {
  const given = textOption(options, 'reason');
  if (given === undefined) return {};
  const reason = revocationReasons.find((each) => each === given);
  if (reason !== undefined) return { reason };
  const known = `Reasons: ${revocationReasons.join(', ')}.`;
  throw usageError('cli.bad-value', `"${given}" is no reason for a revocation. ${known}`, ['--reason key-compromise']);
}

async function enforced(api: Api, revoked: RevocationProgress): Promise<RevocationProgress> {
  let now = revoked;
  for (const end = performance.now() + WAIT_MS; now.status !== 'enforced' && performance.now() < end;) {
    await pause(LOOK_EVERY_MS);
    now = await api.call(getRevocation, { params: { revocationId: revoked.id } });
  }
  return now;
}

const inWords = ({ id, status, confirmed, waiting, enforcedAfterMs }: RevocationProgress): string => {
  const relays = (count: number): string => (count === 1 ? '1 relay' : `${count} relays`);
  if (status === 'enforced') {
    const after = `after ${((enforcedAfterMs ?? 0) / 1_000).toFixed(2)} s`;
    return confirmed.length === 0
      ? 'nobody had to be told'
      : `enforced everywhere, by ${relays(confirmed.length)}, ${after}`;
  }
  const others = `${relays(waiting)} have not confirmed: one that is away enforces it before it admits anybody again`;
  return `${relays(confirmed.length)} enforce it, ${others}. How far it is: caravan describe revocation ${id}`;
};

/** Whoever was revoked is in no list of its kind any more, and was in this scope. Throws `error` where that is not why it was not found. */
async function before(
  api: Api,
  kind: Kind,
  ref: string,
  { options, error }: { readonly options: Options; readonly error: unknown },
): Promise<RevocationProgress> {
  const code = error instanceof CliError ? error.code : error instanceof ApiError ? error.problem.code : undefined;
  if (code !== `${kind.name}.unknown`) throw error;
  const scope: Params = UUID.test(ref) ? { targetId: ref } : await scopeOf(api, kind, options);
  const all = (await listAll(api, listRevocations, {}, scope)).items as unknown as Revocation[];
  const ours = all.filter(
    ({ targetKind, targetId, name }) => targetKind === kind.name && [targetId, name].includes(ref),
  );
  const last = ours.at(-1);
  if (!last) throw error;
  return api.call(getRevocation, { params: { revocationId: last.id } });
}

/** Ends trust: it is asked for once, and told how far it has come. */
export const revokeForGood = (
  verb: EndOfTrust,
  kind: Kind,
): Pick<CommandSpec, 'args' | 'flags' | 'examples' | 'run'> => ({
  args: [{ syntax: '[ref]', about: kind.nameless ? 'id, serial or subject' : 'name or id' }],
  flags: [...parentFlags(kind), reasonFlag, DRY_RUN],
  examples: [
    `caravan ${verb} ${kind.name} ${kind.nameless ? '4a1f' : 'store-1'} --reason key-compromise`,
    `caravan ${verb} ${kind.name} ${kind.nameless ? '4a1f' : 'store-1'} --dry-run`,
  ],
  async run(invocation) {
    const { options, output, terminal, connect } = invocation;
    const ref = requiredRef(invocation, kind, verb);
    const reason = reasonOf(invocation);
    const api = await connect();
    const found = await findOne(api, kind, ref, options).catch((error: unknown) =>
      before(api, kind, ref, { options, error }),
    );
    if ('enforcedAt' in found) {
      const line = `${kind.name} ${found.name} was ${VERBS[verb].past} at ${found.createdAt}: ${inWords(found)}\n`;
      return terminal.out(output === 'name' ? `revocation/${found.id}\n` : (machineText(output, found) ?? line));
    }
    const { item } = found;
    const what = { kind: kind.name as Revocable, id: idOf(item) };
    if (options['dryRun'] === true) {
      const plan = await api.call(planRevocation, { query: what });
      return terminal.out(machineText(output, plan) ?? revocationPlanText(plan));
    }
    const body = { ...what, ...reason };
    const asked = await api.call(revoke, { body, idempotencyKey: terminal.newId() });
    if (output === 'name') return terminal.out(`revocation/${asked.id}\n`);
    const revoked = await enforced(api, asked);
    terminal.out(
      machineText(output, revoked) ?? `${kind.name} ${revoked.name} ${VERBS[verb].past}: ${inWords(revoked)}\n`,
    );
  },
});
