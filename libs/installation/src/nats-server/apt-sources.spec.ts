import { describe, expect, it } from 'vitest';
import { debianArchives, parseDeb822Sources, parseOneLineSources } from './apt-sources.js';

const MIRROR = 'http://mirror.example/debian';

describe('one-line apt sources', () => {
  it('are read with their options', () => {
    const text = `deb [arch=amd64 signed-by=/usr/share/keyrings/k.gpg] ${MIRROR} bookworm main contrib # ours\n`;
    expect(parseOneLineSources(text)).toEqual([
      { uri: MIRROR, suite: 'bookworm', signedBy: '/usr/share/keyrings/k.gpg' },
    ]);
  });

  it.each([
    ['a comment', `# deb ${MIRROR} bookworm main`],
    ['source packages', `deb-src ${MIRROR} bookworm main`],
    ['a CD', 'deb cdrom:[Debian 12]/ bookworm main'],
    ['no main component', `deb ${MIRROR} bookworm contrib`],
    ['a flat repository', `deb ${MIRROR} ./`],
    ['nothing', ''],
  ])('leave out %s', (_what, text) => {
    expect(parseOneLineSources(text)).toEqual([]);
  });
});

describe('deb822 apt sources', () => {
  it('are read, each address with each suite', () => {
    const text = `# main archive
Types: deb deb-src
URIs: ${MIRROR} http://other.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
`;
    const sources = parseDeb822Sources(text);
    expect(sources).toHaveLength(5);
    expect(sources[0]).toEqual({
      uri: MIRROR,
      suite: 'bookworm',
      signedBy: '/usr/share/keyrings/debian-archive-keyring.gpg',
    });
    expect(sources[4]).toEqual({ uri: 'http://mirror.example/debian-security', suite: 'bookworm-security' });
  });

  it('may carry the key itself', () => {
    const text = `Types: deb
URIs: ${MIRROR}
Suites: bookworm
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBF
 -----END PGP PUBLIC KEY BLOCK-----
`;
    expect(parseDeb822Sources(text)[0]?.embeddedKey).toBe(
      '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQINBF\n-----END PGP PUBLIC KEY BLOCK-----\n',
    );
  });

  it.each([
    ['switched off', `Enabled: no\nTypes: deb\nURIs: ${MIRROR}\nSuites: bookworm\nComponents: main`],
    ['for source packages only', `Types: deb-src\nURIs: ${MIRROR}\nSuites: bookworm\nComponents: main`],
    ['without main', `Types: deb\nURIs: ${MIRROR}\nSuites: bookworm\nComponents: contrib`],
    ['empty', ''],
  ])('leave out a stanza that is %s', (_what, text) => {
    expect(parseDeb822Sources(text)).toEqual([]);
  });
});

describe("the machine's Debian archives", () => {
  const debian = { uri: MIRROR, suite: 'bookworm', signedBy: '/usr/share/keyrings/debian-archive-keyring.gpg' };

  it('are those of its own release: not security, not updates, each address once', () => {
    const security = { uri: `${MIRROR}-security`, suite: 'bookworm-security' };
    expect(debianArchives([{ ...debian, suite: 'bookworm-updates' }, debian, debian, security], 'bookworm')).toEqual([
      debian,
    ]);
  });

  it("come before other vendors' repositories, which use the same names", () => {
    const vendor = { uri: 'http://vendor.example/apt', suite: 'stable', signedBy: '/etc/apt/keyrings/vendor.gpg' };
    expect(debianArchives([vendor, debian], 'bookworm')).toEqual([debian]);
    expect(debianArchives([vendor], 'bookworm')).toEqual([]);
  });
});
