import type { CommandMetadata } from '@caravan/event-store';

let commands = 0;

/** Metadata of a command in a spec: a new command id at each call, a fixed time, an administrator; `changes` go over it. */
export function commandMetadata(changes: Partial<CommandMetadata> = {}): CommandMetadata {
  const commandId = changes.commandId ?? `command-${++commands}`;
  return {
    commandId,
    now: new Date('2026-01-01T12:00:00.000Z'),
    actor: { kind: 'administrator', id: 'spec' },
    via: 'api',
    source: 'spec',
    correlationId: commandId,
    causationId: commandId,
    ownerGroup: null,
    ...changes,
  };
}
