import { SHUT_OUT } from '@caravan/api';
import type { LocalState } from '@caravan/api';
import { overOf, removalOf } from './local-site.js';
import { hadRelay, isWait, toldTroubles } from './troubles.js';

/** `waiting`: for something that comes by itself, and is no trouble. `refused`: for ever. */
export interface HowItIs {
  readonly status: 'well' | 'waiting' | 'troubled' | 'refused';
  readonly words: string;
}

/** How a site is, in one line: well only if nothing is wrong that it knows of. Pure. */
export const howItIs = (state: LocalState, now: Date): HowItIs => {
  if (state.step === 'refused') return { status: 'refused', words: 'refused; it will not join with this invitation' };
  const troubles = toldTroubles(state, now).filter(({ code }) => !isWait(code));
  const isOver = removalOf(state) ?? overOf(state);
  if (isOver)
    return { status: 'troubled', words: `${SHUT_OUT[isOver.code] ?? isOver.code}; it carries nothing any more` };
  if (state.step !== 'joined') return joining(state, troubles);
  const main = mainOf(state, troubles);
  const others = troubles.filter(({ code }) => code !== main?.of).map(({ code }) => code);
  if (main?.status === 'waiting' && others.length === 0) return { status: 'waiting', words: main.words };
  const wrong = [...(main ? [main.words] : []), ...(others.length > 0 ? [`in trouble: ${others.join(', ')}`] : [])];
  const isBehind = state.appliedRevision < state.revision;
  const behind = isBehind ? `; applying ${state.revision} (at ${state.appliedRevision})` : '';
  return wrong.length > 0
    ? { status: 'troubled', words: `${wrong.join('; ')}${behind}` }
    : { status: 'well', words: `well${behind}` };
};

type Troubles = LocalState['troubles'];

const joining = ({ step, troubles: all }: LocalState, troubles: Troubles): HowItIs => {
  const [first] = all.filter(({ code }) => isWait(code));
  if (troubles.length > 0) {
    return {
      status: 'troubled',
      words: `joining (${step}), in trouble: ${troubles.map(({ code }) => code).join(', ')}`,
    };
  }
  return { status: 'waiting', words: first ? `joining (${step}), waiting: ${first.code}` : `joining (${step})` };
};

/** What says more than any code; `of`: the trouble that it is made of. */
const mainOf = (
  state: LocalState,
  troubles: Troubles,
): { readonly status: 'waiting' | 'troubled'; readonly words: string; readonly of?: string } | undefined => {
  const { relayConnected, connected, troubles: all } = state;
  if (!relayConnected) {
    const isMissed = hadRelay(state) || troubles.some(({ code }) => code === 'relay.unavailable');
    if (!isMissed) return { status: 'waiting', words: 'its relay is being started' };
    return { status: 'troubled', words: 'its relay does not answer; nothing is carried', of: 'relay.unavailable' };
  }
  if (connected) return undefined;
  const away = 'management.away';
  const isReaching = all.some(({ code }) => code === away) && !troubles.some(({ code }) => code === away);
  if (isReaching) return { status: 'waiting', words: 'reaching the management plane', of: away };
  return {
    status: 'troubled',
    words: 'cut off from the management plane; it goes on with what it last heard',
    of: away,
  };
};
