import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { debianCodename, readAptSources } from './machine.js';

describe('an os-release file', () => {
  it('names the release of Debian', () => {
    expect(debianCodename('PRETTY_NAME="Debian GNU/Linux 12"\nVERSION_CODENAME=bookworm\nID=debian\n')).toBe(
      'bookworm',
    );
    expect(debianCodename('ID="debian"\n')).toBe('sid'); // testing and unstable name none
  });

  it.each(['ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\n', 'ID=alpine\n', ''])('is not Debian in %j', (text) => {
    expect(debianCodename(text)).toBeUndefined();
  });
});

describe("the machine's apt sources", () => {
  let dir: string;
  beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'caravan-apt-'))));
  afterEach(() => rmSync(dir, { recursive: true }));

  it('are gathered from all the files that apt reads, and no others', () => {
    mkdirSync(join(dir, 'sources.list.d'));
    const line = (name: string): string => `deb http://${name}.example/debian bookworm main\n`;
    writeFileSync(join(dir, 'sources.list'), line('one'));
    writeFileSync(join(dir, 'sources.list.d', 'two.list'), line('two'));
    writeFileSync(join(dir, 'sources.list.d', 'off.list.disabled'), line('off'));
    const stanza = 'Types: deb\nURIs: http://three.example/debian\nSuites: bookworm\nComponents: main\n';
    writeFileSync(join(dir, 'sources.list.d', 'three.sources'), stanza);
    expect(readAptSources(dir).map(({ uri }) => uri)).toEqual([
      'http://one.example/debian',
      'http://three.example/debian',
      'http://two.example/debian',
    ]);
  });

  it('are none where there is no apt', () => {
    expect(readAptSources(join(dir, 'absent'))).toEqual([]);
  });
});
