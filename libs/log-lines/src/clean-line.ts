const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)/gs;
const CREDENTIALS_IN_URL = /\b([a-z][a-z+.-]*:\/\/[^\s:/@"]*:)[^\s@"/]+@/gi;

/** The last line of defence: whatever an error message of some library quotes, a key or a password does not pass. */
function scrubbed(line: string): string {
  let clean = line;
  if (clean.includes('PRIVATE KEY-----')) clean = clean.replace(PRIVATE_KEY, '[secret]');
  if (clean.includes('@')) clean = clean.replace(CREDENTIALS_IN_URL, '$1[secret]@');
  return clean;
}

/** JSON leaves these as they are: DEL and the C1 controls (one of them begins a terminal's escape), and what turns text around. */
const UNSEEN = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;
const EVERY_UNSEEN = new RegExp(UNSEEN, 'g');
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A line shows what it says: text of somebody else's moves no cursor, hides nothing and reads in one direction. */
export const visible = (line: string): string => (UNSEEN.test(line) ? line.replace(EVERY_UNSEEN, escaped) : line);

/** In characters. A line of ours has some hundreds, one with a stack two thousand. */
const MOST_OF_A_LINE = 16_384;
const MOST_OF_A_TEXT = 1_000;

/** A line that quotes too much keeps its fields, each cut short, and says so. */
function bounded(line: string): string {
  if (line.length <= MOST_OF_A_LINE) return line;
  const short = `${JSON.stringify({ ...(cut(parsed(line), 4) as object), cutFrom: line.length })}\n`;
  if (short.length <= MOST_OF_A_LINE) return short;
  const { level, time, service, msg } = parsed(line) as Record<string, unknown>;
  return `${JSON.stringify({ ...(cut({ level, time, service, msg }, 2) as object), cutFrom: line.length })}\n`;
}

function cut(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.length > MOST_OF_A_TEXT ? `${value.slice(0, MOST_OF_A_TEXT)}…` : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  if (Array.isArray(value)) return value.slice(0, 10).map((each) => cut(each, depth - 1));
  const few = Object.entries(value).slice(0, 40);
  return Object.fromEntries(few.map(([name, each]) => [name.slice(0, 100), cut(each, depth - 1)]));
}

function parsed(line: string): object {
  try {
    return JSON.parse(line) as object;
  } catch {
    return { msg: line }; // whoever wrote it did not write JSON
  }
}

/** One line of a log, JSON with its line break: without secrets, no longer than 16 kB, and showing what it says. */
export const cleanLine = (line: string): string => visible(bounded(scrubbed(line)));
