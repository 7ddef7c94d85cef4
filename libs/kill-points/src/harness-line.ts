import { statSync } from 'node:fs';
import { connect } from 'node:net';
import type { KillPoint } from './points.js';

/** What a process tells the harness when it reaches a point: one line of JSON. The answer is a line with `id`: go on. */
export interface Reached {
  readonly id: number;
  readonly point: KillPoint;
  /** What it is about, to tell one passage from another: event types, a subject, a certificate, a step. */
  readonly about: string;
  readonly pid: number;
  readonly parentPid: number;
}

/** Resolves when the harness lets this process go on, at once when there is no harness any more. */
export type Hold = (point: KillPoint, about?: string) => Promise<void>;

/** A line to the harness that listens at `path` now; undefined where none does, or where there is something else. */
export function harnessLine(path: string | undefined): Hold | undefined {
  if (!path || !statSync(path, { throwIfNoEntry: false })?.isSocket()) return undefined;
  const held = new Map<number, () => void>();
  let last = 0;
  let unread = '';
  const socket = connect(path).unref().setEncoding('utf8');
  socket.on('data', (text: string) => {
    const lines = (unread + text).split('\n');
    unread = lines.pop() ?? '';
    for (const id of lines.map(Number)) {
      held.get(id)?.();
      held.delete(id);
    }
  });
  // A harness that is gone holds nobody.
  socket.on('error', () => socket.destroy());
  socket.on('close', () => held.forEach((go) => go()));
  return (point, about = '') => {
    if (socket.destroyed) return Promise.resolve();
    const reached: Reached = { id: ++last, point, about, pid: process.pid, parentPid: process.ppid };
    return new Promise((resolve) => {
      held.set(reached.id, resolve);
      socket.write(`${JSON.stringify(reached)}\n`);
    });
  };
}
