import { phaseAt } from '@caravan/data-plane';
import type { Phase } from '@caravan/data-plane';
import { assertNever, Rejection } from '@caravan/event-store';
import type { NetworkWindow } from '../directory/entries.js';

type Times = Pick<NetworkWindow, 'startsAt' | 'endsAt' | 'endedAt'>;

/** The one answer that everything here gives: what the API says, whom the callout admits, which claims are decided. */
export const phaseOf = ({ startsAt, endsAt, endedAt }: Times, now: Date): Phase =>
  endedAt ? 'ended' : phaseAt({ from: startsAt, ...(endsAt !== null && { until: endsAt }) }, now.getTime());

/**
 * The window, if it is open.
 * @throws Rejection `network.unknown`, `network.not-started`, `network.ended`, `network.suspended`
 */
export function requireOpen(window: NetworkWindow | undefined, networkId: string, now: Date): NetworkWindow {
  if (!window) throw new Rejection('network.unknown', { networkId });
  const { startsAt, endsAt } = window;
  const phase = phaseOf(window, now);
  switch (phase) {
    case 'open':
      if (window.suspended)
        throw new Rejection('network.suspended', { detail: 'It is suspended, until somebody resumes it.' });
      return window;
    case 'not-started':
      throw new Rejection('network.not-started', { startsAt });
    case 'ended':
      throw overAlready({ endsAt });
    default:
      return assertNever(phase);
  }
}

/** A network as far as those know it who may be told its name. */
export type NamedWindow = Times & { readonly name: string };

/**
 * What is made for a network that is over is of no use to anybody, and would have to be deleted before it. One that has not started yet is
 * prepared.
 * @throws Rejection `network.ended`
 */
export function requireNotEnded(window: NamedWindow, now: Date): void {
  if (phaseOf(window, now) === 'ended') throw overAlready(window);
}

export function overAlready({ name, endsAt }: { readonly name?: string; readonly endsAt: string | null }): Rejection {
  const which = name === undefined ? 'The network' : `The network ${name}`;
  const detail = `${which} ended at ${endsAt}: nobody can join it any more. Create another network.`;
  return new Rejection('network.ended', { detail, ...(name !== undefined && { network: name }), endsAt });
}
