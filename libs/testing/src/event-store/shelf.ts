import { z } from 'zod';
import { assertNever, defineProjection, on, removeRow, upsertRow } from '@caravan/event-store';
import type { Command, Decider, Recorded } from '@caravan/event-store';
import { eventsOf, parseStreamName, streamName } from '@caravan/events';
import type { EventOf } from '@caravan/events';

/** An aggregate that exists in specs only, one of whose events has an older version: its data were a text, `7 quinces`. */
export const shelfCategory = { context: 'topology', aggregate: 'shelf' } as const;
export const shelfStream = (id: string) => streamName(shelfCategory, id);
const event = eventsOf(shelfCategory);

const stocked = z.strictObject({ product: z.string(), quantity: z.int().min(1) });

/** Version 1 as its program declared it, which is long gone. */
export const ShelfStockedOne = event({ type: 'ShelfStocked', schema: z.strictObject({ what: z.string() }) });

export const ShelfStocked = event({
  type: 'ShelfStocked',
  version: 2,
  schema: stocked,
  upcasters: {
    1: ({ what }: { what: string }) => {
      const [quantity = '', product = ''] = what.split(' ');
      return { product, quantity: Number(quantity) };
    },
  },
});
/** As a programmer would leave it who forgot the upcaster. */
export const ShelfStockedWithoutUpcaster = event({ type: 'ShelfStocked', version: 2, schema: stocked });
export const ShelfCleared = event({ type: 'ShelfCleared', schema: z.strictObject({}) });

export const shelfEvents = [ShelfStocked, ShelfCleared] as const;
export type ShelfEvent = EventOf<typeof shelfEvents>;

export interface CountShelf extends Command<'CountShelf'> {
  readonly shelfId: string;
}
export type Shelf = Map<string, number>;

/** What lies on a shelf. Counting it decides nothing: it is there to see the state that a command would be decided on. */
export const shelf: Decider<Shelf, CountShelf, ShelfEvent> = {
  initial: () => new Map(),
  decide: () => [],
  evolve(state, { type, data }) {
    switch (type) {
      case 'ShelfStocked':
        return state.set(data.product, (state.get(data.product) ?? 0) + data.quantity);
      case 'ShelfCleared':
        state.clear();
        return state;
      default:
        return assertNever(type);
    }
  },
};

interface ShelfRow {
  id: string;
  products: Record<string, number>;
  position: number;
}
const shelfOf = ({ stream }: Recorded): string => parseStreamName(stream)!.id;

export const shelfProjection = defineProjection<ShelfRow>({
  table: 'shelf',
  key: 'id',
  columns: { id: 'text', products: 'jsonb', position: 'int8' },
  on: [
    on(ShelfStocked, ({ data: { product, quantity } }, recorded) =>
      upsertRow(shelfOf(recorded), (row) => ({
        id: shelfOf(recorded),
        products: { ...row?.products, [product]: (row?.products[product] ?? 0) + quantity },
        position: recorded.position,
      })),
    ),
    on(ShelfCleared, (_event, recorded) => removeRow(shelfOf(recorded))),
  ],
});

/** What the app's migration would be. */
export const shelfTableSql =
  'CREATE TABLE shelf (id text PRIMARY KEY, products jsonb NOT NULL, position bigint NOT NULL)';
