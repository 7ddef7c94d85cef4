import { phaseAt } from '@caravan/data-plane';
import type { Phase } from '@caravan/data-plane';
import { assertNever, Rejection } from '@caravan/event-store';
import type { NetworkWindow } from '../directory/directory.js';

/** The one answer that everything here gives: what the API says, whom the callout admits, which claims are decided. */
export const phaseOf = ({ startsAt, endsAt }: NetworkWindow, now: Date): Phase =>
  phaseAt({ from: startsAt, ...(endsAt !== null && { until: endsAt }) }, now.getTime());

/**
 * The window, if it is open.
 * @throws Rejection `network.unknown`, `network.not-started`, `network.ended`
 */
export function requireOpen(window: NetworkWindow | undefined, networkId: string, now: Date): NetworkWindow {
  if (!window) throw new Rejection('network.unknown', { networkId });
  const { startsAt, endsAt } = window;
  const phase = phaseOf(window, now);
  switch (phase) {
    case 'open':
      return window;
    case 'not-started':
      throw new Rejection('network.not-started', { startsAt });
    case 'ended':
      throw new Rejection('network.ended', { endsAt });
    default:
      return assertNever(phase);
  }
}
