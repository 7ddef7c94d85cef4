import { setTimeout as pause } from 'node:timers/promises';
import { joinSteps } from '@caravan/api';
import type { JoinStep, LocalState } from '@caravan/api';
import { CliError } from '../failures/cli-error.js';
import { EXIT } from '../failures/exit-codes.js';
import { overOf, readLocalSite, readState, removalOf } from './local-site.js';
import type { LocalSite } from './local-site.js';
import { endError } from './end-error.js';
import { refused } from './refusal.js';
import type { End, Supervisor } from './supervisor.js';
import { isTooSoon } from './troubles.js';

const POLL_MS = 150;

const sentences: Readonly<Record<JoinStep, string>> = {
  invited: 'the file was taken',
  'key-made': 'a key was made here; asking to join',
  pending: 'accepted; its certificate is being signed',
  admitted: 'certificate received; linking with it',
  joined: 'joined',
  refused: 'refused',
};

/** Says each step once, also those that passed between two looks, and each trouble when it appears, or has lasted. */
export class JoinStory {
  private told = -1;
  private readonly troubles = new Set<string>();
  /** When each was first seen. */
  private readonly seen = new Map<string, number>();

  constructor(
    private readonly say: (line: string) => void,
    private readonly startedAt: number,
  ) {}

  hear({ step, troubles }: LocalState, now: number): void {
    const at = joinSteps.indexOf(step);
    const last = step === 'refused' ? this.told : at;
    for (let next = this.told + 1; next <= last; next += 1) this.tell(sentences[joinSteps[next]!], now);
    this.told = Math.max(this.told, last);
    for (const { code, detail } of troubles) {
      if (this.troubles.has(code) || step === 'refused' || step === 'joined') continue;
      const since = this.seen.get(code) ?? now;
      this.seen.set(code, since);
      if (isTooSoon(code, now - since)) continue;
      this.troubles.add(code);
      this.tell(`not yet: ${detail} [${code}]`, now);
    }
  }

  /** Of a site that cannot even begin: why, once for each reason. */
  wait(why: string, now: number): void {
    if (this.troubles.has(why)) return;
    this.troubles.add(why);
    this.tell(`not yet: ${why}`, now);
  }

  private tell(sentence: string, now: number): void {
    this.say(`${`+${((now - this.startedAt) / 1000).toFixed(1)}s`.padStart(8)}  ${sentence}\n`);
  }
}

export interface Joining {
  readonly dir: string;
  /** Undefined: it ran before this program came. */
  readonly supervisor: Supervisor | undefined;
  readonly timeoutMs: number;
  readonly say: (line: string) => void;
}

export interface Joined {
  readonly site: LocalSite;
  readonly state: LocalState;
}

/**
 * Follows a site until it has joined. Throws the site's own code when it is refused or was removed (exit 3), `site.ended` when
 * its process ends, `site.join-timeout` when it takes too long; it goes on by itself then.
 */
export const awaitJoined = async ({ dir, supervisor, timeoutMs, say }: Joining): Promise<Joined> => {
  const startedAt = performance.now();
  const story = new JoinStory(say, startedAt);
  let end: End | undefined;
  void supervisor?.ended.then((how) => (end = how));
  let why: string | undefined;
  for (;;) {
    const ended = end; // before the look: what it left behind is read once more
    const seen = await look(dir, supervisor);
    if (seen) {
      const refusal = refusalOf(seen.state, dir);
      if (seen.state.step !== 'joined' || !(refusal ?? overOf(seen.state))) story.hear(seen.state, performance.now());
      if (refusal) throw refusal;
      if (seen.state.step === 'joined') return seen;
    }
    const before = why;
    why = seen || !supervisor ? undefined : await supervisor.stumbled();
    // Not at the first look: a supervisor that will not start it again ends a moment later, and that is told by itself.
    if (why !== undefined && why === before && !ended) story.wait(why, performance.now());
    if (supervisor && ended) throw await endError(dir, supervisor, ended);
    if (performance.now() - startedAt > timeoutMs) throw timeoutError(dir, seen?.state, why);
    await pause(POLL_MS);
  }
};

/**
 * `api.json` may be left from an earlier run: what does not answer is as good as not there. Nor is it ours while it names another process:
 * the one that was started answers at the port of the run before until it says so itself.
 */
const look = async (dir: string, supervisor: Supervisor | undefined): Promise<Joined | undefined> => {
  const site = await readLocalSite(dir);
  if (site && supervisor && site.pid !== supervisor.child.pid) return undefined;
  const state = site && (await readState(site));
  return site && state && { site, state };
};

/** Why this site will never be one of its network; undefined while it may be. One that was removed still says `joined`. */
export const refusalOf = (state: LocalState, dir: string): CliError | undefined => {
  const removal = removalOf(state);
  if (removal) return refused(removal.code, removal.detail, dir);
  if (state.step !== 'refused') return undefined;
  const trouble = state.troubles.at(-1);
  return refused(trouble?.code ?? 'site.refused', trouble?.detail ?? 'The site was refused.', dir);
};

const timeoutError = (dir: string, state: LocalState | undefined, stumbled = 'the site does not answer'): CliError => {
  const why = state?.troubles.at(-1)?.detail ?? (state ? sentences[state.step] : stumbled);
  return new CliError(
    'site.join-timeout',
    `Not joined yet: ${why.replace(/\.$/, '')}. It goes on trying in the background.`,
    {
      exit: EXIT.unreachable,
      at: dir,
      remedy: [`caravan site status --dir ${dir}`, `caravan site stop --dir ${dir}`],
    },
  );
};
