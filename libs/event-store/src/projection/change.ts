/**
 * What happens to one row. Rows given to `update` may be changed and given back. (`update` is a method so that a change made of
 * a literal, `removed: false`, is a change of the wider row.)
 */
export type Change<R> =
  | { readonly kind: 'set'; readonly row: R }
  | { readonly kind: 'update'; readonly id: string; update(row: R): R }
  | { readonly kind: 'upsert'; readonly id: string; update(row: R | undefined): R }
  | { readonly kind: 'remove'; readonly id: string };

/** The row is now this one, whatever was there before. */
export const setRow = <R>(row: R): Change<R> => ({ kind: 'set', row });
/** The row is made from what it was. A row that is not there stays away: it was removed by an event of another stream. */
export const updateRow = <R>(id: string, update: (row: R) => R): Change<R> => ({ kind: 'update', id, update });
/** The row is made from what it was, or from nothing. It must keep its id. */
export const upsertRow = <R>(id: string, update: (row: R | undefined) => R): Change<R> => ({
  kind: 'upsert',
  id,
  update,
});
/** The row is no more. */
export const removeRow = <R>(id: string): Change<R> => ({ kind: 'remove', id });
