import { describe, expect, it } from 'vitest';
import { InvitationClaimed, InvitationDeleted, InvitationRevoked, invitationStream } from '@caravan/events';
import type { Event } from '@caravan/events';
import type { RecordedEvent } from '../recorded-event.js';
import { defineProjection, on, projectRows, removeRow, RowBatch, setRow, updateRow, upsertRow } from './index.js';

interface InvitationRow {
  id: string;
  revoked: boolean;
  memberIDs: string[];
  changedAt: string;
}

const invitations = defineProjection<InvitationRow>({
  table: 'invitation',
  key: 'id',
  columns: { id: 'text', revoked: 'bool', memberIDs: 'jsonb', changedAt: { name: 'changed', type: 'timestamptz' } },
  on: [
    on(InvitationClaimed, ({ data }, { at }) =>
      upsertRow(data.invitationId, (row) => ({
        id: data.invitationId,
        revoked: false,
        memberIDs: [...(row?.memberIDs ?? []), data.memberId],
        changedAt: at,
      })),
    ),
    on(InvitationRevoked, ({ data }, { at }) =>
      updateRow(data.invitationId, (row) => ({ ...row, revoked: true, changedAt: at })),
    ),
    on(InvitationDeleted, ({ data }) => removeRow(data.invitationId)),
  ],
});

let position = 0;
const recorded = (event: Event): RecordedEvent => ({
  ...event,
  stream: invitationStream('i1'),
  position: ++position,
  index: 0,
  at: '2026-01-01T00:00:00.000Z',
  metadata: {
    commandId: 'c',
    actor: { kind: 'service', id: 's' },
    via: 'reaction',
    source: 's',
    correlationId: 'c',
    causationId: 'c',
    ownerGroup: null,
  },
});
const claimed = (invitationId: string, memberId: string) =>
  recorded({ type: 'InvitationClaimed', version: 1, data: { invitationId, memberId } });
const revoked = (invitationId: string) => recorded(InvitationRevoked({ invitationId }));
const deleted = (invitationId: string) => recorded(InvitationDeleted({ invitationId, networkId: 'n' }));

describe('a projection', () => {
  it('names columns like properties, in snake_case, unless told otherwise', () => {
    expect(invitations.columns.map(({ name }) => name)).toEqual(['id', 'revoked', 'member_ids', 'changed']);
  });

  it('folds events in their order, whatever the rows', () => {
    const rows = projectRows(invitations, [
      claimed('a', 'm1'),
      claimed('b', 'm2'),
      claimed('a', 'm3'),
      revoked('a'),
      deleted('b'),
    ]);
    expect([...rows.values()]).toEqual([
      { id: 'a', revoked: true, memberIDs: ['m1', 'm3'], changedAt: '2026-01-01T00:00:00.000Z' },
    ]);
  });

  it('gives the same rows in one batch as in many', () => {
    const events = [claimed('a', '1'), revoked('a'), deleted('a'), revoked('a'), claimed('a', '2'), claimed('b', '3')];
    let rows = new Map<string, InvitationRow>();
    for (const event of events) rows = projectRows(invitations, [event], rows);
    expect(rows).toEqual(projectRows(invitations, events));
  });

  it('an update of a row that is not there does nothing', () => {
    expect(projectRows(invitations, [revoked('gone')]).size).toBe(0);
  });

  it('loads only rows whose old content matters', () => {
    const batch = new RowBatch(invitations);
    for (const event of [deleted('a'), claimed('a', 'm'), claimed('b', 'm'), deleted('b'), deleted('c')])
      batch.add(event);
    expect(batch.idsToLoad()).toEqual(['b']);
  });

  it('refuses what would make it ambiguous', () => {
    const handler = on(InvitationDeleted, ({ data }) => removeRow<{ id: string; n: number }>(data.invitationId));
    const columns = { id: 'text', n: 'int4' } as const;
    expect(() =>
      defineProjection<{ id: string; n: number }>({ table: 't', key: 'id', columns, on: [handler, handler] }),
    ).toThrow(/twice/);
    expect(() => defineProjection<{ id: string; n: number }>({ table: 't', key: 'n', columns, on: [] })).toThrow(/key/);
    const moving = defineProjection<{ id: string; n: number }>({
      table: 't',
      key: 'id',
      columns,
      on: [on(InvitationDeleted, () => upsertRow('a', () => ({ id: 'b', n: 1 })))],
    });
    expect(() => projectRows(moving, [deleted('a')])).toThrow(/another id/);
    const nameless = defineProjection<{ id: string; n: number }>({
      table: 't',
      key: 'id',
      columns,
      on: [on(InvitationDeleted, () => setRow({ id: '', n: 1 }))],
    });
    expect(() => projectRows(nameless, [deleted('a')])).toThrow(/without id/);
  });
});
