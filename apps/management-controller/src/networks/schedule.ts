import { NetworkRescheduled, NetworkResumed, NetworkSuspended } from '@caravan/events';
import type { NetworkEvent } from '@caravan/events';
import { assertNever, Rejection } from '@caravan/event-store';
import type { Command } from '@caravan/event-store';
import type { NetworkWindow } from '../directory/entries.js';
import { phaseOf, requireNotEnded } from './window.js';

/** A network that is there, as far as its times are concerned. */
export interface Scheduled extends NetworkWindow {
  readonly networkId: string;
  readonly backboneId: string;
  readonly name: string;
}

/** What is to be another; what is left out stays. `endsAt: null`: it has no end. */
interface Times {
  readonly startsAt?: string | undefined;
  readonly endsAt?: string | null | undefined;
}

interface OfNetwork {
  readonly networkId: string;
}
export type WindowCommand =
  | (Command<'RescheduleNetwork'> & OfNetwork & Times)
  | (Command<'EndNetwork'> & OfNetwork)
  | (Command<'SuspendNetwork'> & OfNetwork)
  | (Command<'ResumeNetwork'> & OfNetwork);

export function changeWindow(command: WindowCommand, network: Scheduled): NetworkEvent[] {
  const { now } = command.metadata;
  switch (command.type) {
    case 'RescheduleNetwork':
      return reschedule(network, command, now);
    case 'EndNetwork':
      return endNow(network, now);
    case 'SuspendNetwork':
      return suspend(network, now);
    case 'ResumeNetwork':
      return resume(network);
    default:
      return assertNever(command);
  }
}

/**
 * What has begun has begun, and what is over is over: certificates say so, and people were told.
 * @throws Rejection `network.ended`, `network.started`, `network.ends-before-it-starts`, `network.end-passed`
 */
function reschedule(network: Scheduled, wanted: Times, now: Date): NetworkEvent[] {
  const { networkId, backboneId } = network;
  const { startsAt = network.startsAt, endsAt = network.endsAt } = wanted;
  if (startsAt === network.startsAt && endsAt === network.endsAt) return [];
  requireNotEnded(network, now);
  if (startsAt !== network.startsAt && phaseOf(network, now) !== 'not-started') {
    throw new Rejection('network.started', { startsAt: network.startsAt });
  }
  if (endsAt !== null && endsAt <= startsAt) throw new Rejection('network.ends-before-it-starts', { startsAt, endsAt });
  if (endsAt !== null && Date.parse(endsAt) <= now.getTime()) {
    const detail = `${endsAt} is over: choose a time to come, or end the network now.`;
    throw new Rejection('network.end-passed', { detail, endsAt });
  }
  return [NetworkRescheduled({ networkId, backboneId, startsAt, endsAt })];
}

/** Certificates and relays know whole seconds: it ends with the one that has passed, and has lasted one at least. */
const SECOND_MS = 1_000;

/** @throws Rejection `network.not-started` */
function endNow(network: Scheduled, now: Date): NetworkEvent[] {
  const { networkId, backboneId, startsAt } = network;
  switch (phaseOf(network, now)) {
    case 'ended':
      return [];
    case 'not-started': {
      const detail = `It starts at ${startsAt}: delete it, and nobody ever comes in.`;
      throw new Rejection('network.not-started', { detail, startsAt });
    }
    case 'open': {
      const passed = Math.floor(now.getTime() / SECOND_MS) * SECOND_MS;
      const endsAt = new Date(Math.max(passed, Date.parse(startsAt) + SECOND_MS)).toISOString();
      return [NetworkRescheduled({ networkId, backboneId, startsAt, endsAt })];
    }
  }
}

/** @throws Rejection `network.ended` */
function suspend(network: Scheduled, now: Date): NetworkEvent[] {
  if (network.suspended) return [];
  requireNotEnded(network, now);
  const { networkId, backboneId } = network;
  return [NetworkSuspended({ networkId, backboneId })];
}

function resume({ networkId, backboneId, suspended }: Scheduled): NetworkEvent[] {
  return suspended ? [NetworkResumed({ networkId, backboneId })] : [];
}
