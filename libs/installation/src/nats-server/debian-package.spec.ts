import { describe, expect, it } from 'vitest';
import { fetchSettings, sourceLine } from './debian-package.js';

const uri = 'http://mirror.example/debian';

describe('the line that apt is given', () => {
  it("keeps the machine's mirror and keyring, and asks for the release that has our server", () => {
    expect(sourceLine({ uri, suite: 'bookworm', signedBy: '/k.gpg' }, '/key.asc', ['/default.gpg'])).toBe(
      `deb [signed-by=/k.gpg] ${uri} trixie main\n`,
    );
  });

  it('names the key that the source carries', () => {
    expect(sourceLine({ uri, suite: 'bookworm', embeddedKey: 'x' }, '/key.asc', [])).toContain('[signed-by=/key.asc]');
  });

  it("falls back to Debian's keyring, then to what apt trusts; never to trust without a signature", () => {
    expect(sourceLine({ uri, suite: 'bookworm' }, '/key.asc', ['/default.gpg'])).toContain('[signed-by=/default.gpg]');
    expect(sourceLine({ uri, suite: 'bookworm' }, '/key.asc', [])).toBe(`deb ${uri} trixie main\n`);
  });
});

describe("apt's settings", () => {
  it('are kept where they tell how to fetch, and dropped where they run something or ask for more', () => {
    const dump = [
      'APT::Update::Post-Invoke:: "rm -f /var/cache/apt/archives/*.deb";',
      'Acquire::http::Proxy "http://proxy.example:3128";',
      'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "true";',
      'DPkg::Pre-Install-Pkgs:: "something";',
    ].join('\n');
    expect(fetchSettings(dump)).toBe('Acquire::http::Proxy "http://proxy.example:3128";');
  });
});
