/** Columns as wide as their widest cell, two spaces between them, nothing after the last. */
export const tableText = (header: readonly string[], rows: readonly (readonly string[])[]): string => {
  // A cell is not to look like a row.
  const flat = rows.map((row) => row.map((cell) => cell.replace(/[\n\t]+/g, ' ')));
  const widths = header.map((title, at) => Math.max(title.length, ...flat.map((row) => (row[at] ?? '').length)));
  const line = (cells: readonly string[]) => cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ');
  return [header, ...flat].map((cells) => `${line(cells).trimEnd()}\n`).join('');
};

const TIME = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?Z$/;

/** One value as a cell: `-` for nothing, times without `T` and fractions, lists with commas. */
export const cellText = (value: unknown): string => {
  if (value === null || value === undefined || value === '') return '-';
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(cellText).join(',');
  if (typeof value !== 'string') return JSON.stringify(value);
  const time = TIME.exec(value);
  return time ? `${time[1]} ${time[2]}Z` : value;
};
