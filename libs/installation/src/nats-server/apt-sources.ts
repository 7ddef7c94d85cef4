/** Where a machine already gets Debian packages from. */
export interface AptSource {
  readonly uri: string;
  readonly suite: string;
  /** `Signed-By` as apt reads it: keyring files or fingerprints, comma separated. */
  readonly signedBy?: string;
  /** `Signed-By` holding the key itself (ASCII armour). */
  readonly embeddedKey?: string;
}

const usable = (uri: string): boolean => uri !== '' && !uri.startsWith('cdrom:');

/** One-line format (`sources.list`, `*.list`; sources.list(5)): `deb [options] uri suite component...`. */
export function parseOneLineSources(text: string): AptSource[] {
  const sources: AptSource[] = [];
  for (const line of text.split('\n')) {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)((?:\s+[^\s#]+)*)/.exec(line.replace(/#.*$/, ''));
    if (!match) continue;
    const [, options = '', uri = '', suite = '', components = ''] = match;
    if (!usable(uri) || !components.trim().split(/\s+/).includes('main')) continue;
    const signedBy = /(?:^|\s)signed-by=(\S+)/i.exec(options)?.[1];
    sources.push({ uri, suite, ...(signedBy === undefined ? {} : { signedBy }) });
  }
  return sources;
}

/** The fields of one deb822 stanza, names in lower case; continuation lines joined by newlines. */
function readStanza(stanza: string): Map<string, string> {
  const fields = new Map<string, string>();
  let current = '';
  for (const line of stanza.split('\n')) {
    if (line.startsWith('#')) continue;
    const start = /^([A-Za-z][A-Za-z0-9-]*):\s*(.*)$/.exec(line);
    if (start) fields.set((current = start[1]!.toLowerCase()), start[2]!.trim());
    else if (current && /^\s/.test(line)) {
      const more = line.trim() === '.' ? '' : line.slice(1);
      fields.set(current, `${fields.get(current)}\n${more}`);
    }
  }
  return fields;
}

const words = (value: string | undefined): string[] => (value ?? '').split(/\s+/).filter(Boolean);

function signedByOf(value: string | undefined): Pick<AptSource, 'signedBy' | 'embeddedKey'> {
  if (value === undefined || value.trim() === '') return {};
  if (value.includes('-----BEGIN')) return { embeddedKey: `${value.trim()}\n` };
  return { signedBy: words(value).join(',') };
}

/** deb822 format (`*.sources`): stanzas with `Types`, `URIs`, `Suites`, `Components`, `Signed-By`, `Enabled`. */
export function parseDeb822Sources(text: string): AptSource[] {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const fields = readStanza(stanza);
    const off = /^(no|false|without|off|disable|0)$/i.test(fields.get('enabled') ?? '');
    if (off || !words(fields.get('types')).includes('deb') || !words(fields.get('components')).includes('main'))
      return [];
    const signedBy = signedByOf(fields.get('signed-by'));
    return words(fields.get('uris'))
      .filter(usable)
      .flatMap((uri) => words(fields.get('suites')).map((suite) => ({ uri, suite, ...signedBy })));
  });
}

const MOVING_NAMES = ['stable', 'oldstable', 'testing', 'unstable', 'sid'];
const byDebianKey = ({ signedBy, embeddedKey }: AptSource): boolean =>
  embeddedKey === undefined && (signedBy === undefined || signedBy.includes('debian-archive'));

/**
 * The sources that carry the Debian archive itself, each address once: those whose suite is the release the machine runs.
 * Security and update suites lie elsewhere and lack what we want. Other vendors name their suites `stable` or after the
 * release too: a moving name counts with Debian's own key only, and sources with that key come first. Pure.
 */
export function debianArchives(sources: readonly AptSource[], codename: string): AptSource[] {
  const own = sources.filter(
    (source) => source.suite === codename || (MOVING_NAMES.includes(source.suite) && byDebianKey(source)),
  );
  const ordered = [...own.filter(byDebianKey), ...own.filter((source) => !byDebianKey(source))];
  return ordered.filter(({ uri }, index) => ordered.findIndex((other) => other.uri === uri) === index);
}
