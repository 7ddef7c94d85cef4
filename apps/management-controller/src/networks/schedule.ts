import { NetworkRescheduled, NetworkResumed, NetworkSuspended } from '@caravan/events';
import type { NetworkEvent } from '@caravan/events';
import { assertNever, Rejection } from '@caravan/event-store';
import type { LastingNetwork, TermChange, TermCommand } from './network-state.js';
import { overAlready, phaseOf, requireNotEnded } from './window.js';

/** @throws Rejection `network.revoked`, `network.ended` */
export function requireGoingOn(network: LastingNetwork, now: Date): void {
  requireNotRevoked(network);
  // What was recorded holds, whatever the clock of whoever decides now says.
  if (network.status !== 'active') throw overAlready(network);
  requireNotEnded(network, now);
}

function requireNotRevoked({ status, networkId }: LastingNetwork): void {
  if (status === 'revoked') throw new Rejection('network.revoked', { networkId });
}

/** @throws Rejection `network.revoked`, and what each of them says */
export function changeTerm(command: TermCommand, network: LastingNetwork): NetworkEvent[] {
  const { now } = command.metadata;
  requireNotRevoked(network);
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
function reschedule(network: LastingNetwork, wanted: TermChange, now: Date): NetworkEvent[] {
  const { networkId, backboneId } = network;
  const { startsAt = network.startsAt, endsAt = network.endsAt } = wanted;
  const { deleteAfterSeconds = network.deleteAfterSeconds } = wanted;
  const isSame = startsAt === network.startsAt && endsAt === network.endsAt;
  if (isSame && deleteAfterSeconds === network.deleteAfterSeconds) return [];
  const changed = NetworkRescheduled({ networkId, backboneId, startsAt, endsAt, deleteAfterSeconds });
  if (isSame && network.status !== 'deleting') return [changed]; // what is over may be kept for longer
  requireGoingOn(network, now);
  if (startsAt !== network.startsAt && phaseOf(network, now) !== 'not-started') {
    throw new Rejection('network.started', { startsAt: network.startsAt });
  }
  if (endsAt !== null && endsAt <= startsAt) throw new Rejection('network.ends-before-it-starts', { startsAt, endsAt });
  if (endsAt !== null && Date.parse(endsAt) <= now.getTime()) {
    const detail = `${endsAt} is over: choose a time to come, or end the network now.`;
    throw new Rejection('network.end-passed', { detail, endsAt });
  }
  return [changed];
}

/** Certificates and relays know whole seconds: it ends with the one that has passed, and has lasted one at least. */
const SECOND_MS = 1_000;
/** A year has four digits (RFC 3339): no clock is right beyond, and no schema takes it. */
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** @throws Rejection `network.not-started` */
function endNow(network: LastingNetwork, now: Date): NetworkEvent[] {
  const { status, networkId, backboneId, startsAt, deleteAfterSeconds } = network;
  if (status !== 'active') return [];
  switch (phaseOf(network, now)) {
    case 'ended':
      return [];
    case 'not-started': {
      const detail = `It starts at ${startsAt}: delete it, and nobody ever comes in.`;
      throw new Rejection('network.not-started', { detail, startsAt });
    }
    case 'open': {
      const passed = Math.floor(now.getTime() / SECOND_MS) * SECOND_MS;
      const least = Math.min(Date.parse(startsAt) + SECOND_MS, LAST_MS);
      const endsAt = new Date(Math.max(passed, least)).toISOString();
      return [NetworkRescheduled({ networkId, backboneId, startsAt, endsAt, deleteAfterSeconds })];
    }
  }
}

/** @throws Rejection `network.ended` */
function suspend(network: LastingNetwork, now: Date): NetworkEvent[] {
  if (network.suspended) return [];
  requireGoingOn(network, now);
  const { networkId, backboneId } = network;
  return [NetworkSuspended({ networkId, backboneId })];
}

function resume({ networkId, backboneId, suspended }: LastingNetwork): NetworkEvent[] {
  return suspended ? [NetworkResumed({ networkId, backboneId })] : [];
}
