import { describe, expect, it } from 'vitest';
import { BackboneCreated, BackboneRenamed, backboneStream, eventsOf, INSTALLATION_ISSUERS } from '@caravan/events';
import { eventRegistry, PoisonError } from './index.js';
import type { CommandMetadata } from './index.js';

const id = '0b8e9a52-6a55-4f1b-8f4c-3a6f2f1f6d11';
const stream = backboneStream(id);
const metadata: CommandMetadata = {
  commandId: 'c1',
  now: new Date('2026-01-01T00:00:00.000Z'),
  actor: { kind: 'administrator', id: 'a' },
  via: 'api',
  source: 'spec',
  reason: undefined,
  correlationId: 'c1',
  causationId: 'c1',
  ownerGroup: null,
};
const registry = eventRegistry([BackboneCreated]);
const created = BackboneCreated({ backboneId: id, name: 'demo', issuers: INSTALLATION_ISSUERS });
const bytes = registry.encode(stream, [created], metadata, null);
const text = new TextDecoder().decode(bytes);
const encoded = (value: string) => new TextEncoder().encode(value);
const changed = (change: (commit: Record<string, unknown>) => void) => {
  const commit = JSON.parse(text) as Record<string, unknown>;
  change(commit);
  return encoded(JSON.stringify(commit));
};

describe('a commit', () => {
  it('is decoded as it was encoded', () => {
    expect(registry.decode(stream, 7, bytes)).toMatchObject({
      previous: null,
      events: [{ ...created, stream, position: 7, index: 0, at: '2026-01-01T00:00:00.000Z' }],
    });
  });

  it('has no field for what was not given', () => {
    expect(text).not.toContain('reason');
    expect(registry.decode(stream, 7, bytes).events[0]?.metadata).not.toHaveProperty('reason');
  });

  const events = (event: object) => changed((commit) => (commit.events = [event]));
  it.each([
    ['no text', Uint8Array.of(0xff, 0xfe, 0x00), /./],
    ['nothing', encoded(''), /JSON/],
    ['cut off', bytes.slice(0, -3), /JSON/],
    ['null', encoded('null'), /no commit/],
    ['of another format', changed((commit) => (commit.format = 2)), /format/],
    ['without a command id', changed((commit) => delete commit.commandId), /commandId/],
    ['with a field too many', changed((commit) => (commit.more = 1)), /more/],
    ['of an unknown type', events({ ...created, type: 'BackboneSunk' }), /no event BackboneSunk/],
    ['of a newer version', events({ ...created, version: created.version + 1 }), /newer.*upgrade/],
    ['with data against the schema', events({ ...created, data: { backboneId: id, name: 'Not A Name' } }), /name/],
    ['with data of another type', events({ ...created, data: 'data' }), /schema/],
  ])('%s is poison', (_what, poisoned, why) => {
    const decode = () => registry.decode(stream, 9, poisoned);
    expect(decode).toThrow(PoisonError);
    expect(decode).toThrow(why);
    expect(decode).toThrow(/position 9 .*backbone/);
  });

  it.each([
    ['another version of the program', events({ ...created, version: created.version + 1 }), true],
    ['another version of the program, which has more events', events({ ...created, type: 'BackboneSunk' }), true],
    ['no version', encoded('garbage'), false],
  ])('says whether it may be for %s', (_what, poisoned, newer) => {
    expect(() => registry.decode(stream, 9, poisoned)).toThrow(
      expect.objectContaining({ newer, remedy: expect.stringContaining('caravan log pass-over 9 ') }),
    );
  });

  it('on a stream of another category is poison', () => {
    expect(() => registry.decode('caravan.evt.topology.site.s1', 1, bytes)).toThrow(PoisonError);
    expect(() => registry.decode('somewhere.else', 1, bytes)).toThrow(PoisonError);
  });
});

describe('an old version', () => {
  const declare = eventsOf(BackboneCreated.category);
  const Three = declare({
    type: 'BackboneRenamed',
    version: 3,
    schema: BackboneRenamed.schema,
    upcasters: {
      1: ({ title }: { title: string }) => ({ label: title }),
      2: ({ label }: { label: string }) => ({ backboneId: id, name: label.toLowerCase() }),
    },
  });
  const old = (version: number, data: object) =>
    changed((commit) => (commit.events = [{ type: 'BackboneRenamed', version, data }]));

  it('is read as the current one, through every version between', () => {
    const [event] = eventRegistry([Three]).decode(stream, 1, old(1, { title: 'DEMO' })).events;
    expect(event).toMatchObject({ type: 'BackboneRenamed', version: 3, data: { backboneId: id, name: 'demo' } });
  });

  it('without an upcaster, or with one that fails or makes nonsense, is poison', () => {
    const without = declare({ type: 'BackboneRenamed', version: 2, schema: BackboneRenamed.schema });
    expect(() => eventRegistry([without]).decode(stream, 1, old(1, {}))).toThrow(/no upcaster/);
    expect(() => eventRegistry([Three]).decode(stream, 1, old(2, {}))).toThrow(
      /version 2 is not what its upcaster takes/,
    );
    expect(() => eventRegistry([Three]).decode(stream, 1, old(2, { label: 'Not A Name' }))).toThrow(/schema/);
  });
});

it('two event types of one name are refused', () => {
  expect(() => eventRegistry([BackboneCreated, BackboneCreated])).toThrow(/two event types/);
});
