import { createHash } from 'node:crypto';
import { seeded } from '../seeded.js';
import type { Cell } from './cells.js';

/** In which a message is sent, stored and answered: whatever a kill in it hits must hold. */
const LONGEST_WAY_MS = 5;

/**
 * How long what somebody has begun is on its way when the kill comes, in milliseconds. By the seed and the cell's name alone, so
 * that a part of the matrix that is played again has the delays that it had within the whole.
 */
export function delayMs(seed: number, { step, victim }: Cell): number {
  return seeded(hash(`${seed} ${step.scenario}: ${step.name} ${victim}`))() * LONGEST_WAY_MS;
}

const hash = (text: string): number => createHash('sha256').update(text).digest().readUInt32LE();
