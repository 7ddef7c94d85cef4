import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PkiError, randomNonce, seal, unseal } from '@caravan/pki';
import type { Secret } from '@caravan/pki';
import { removeFile, replaceFile } from './atomic-file.js';
import { SiteDirectoryError } from './site-directory-error.js';

/** Turns what a site knows into what lies on its disk. `name` is bound to it: a file under another name does not open. */
export interface Sealing {
  close(plain: Buffer, name: string): Buffer;
  open(sealed: Buffer, name: string): Buffer;
}

export const sealingWith = (key: Secret<Buffer>): Sealing => ({
  close: (plain, name) => seal(plain, key.reveal(), `site/${name}`, randomNonce()),
  open: (sealed, name) => unseal(sealed, key.reveal(), `site/${name}`),
});

const SUFFIX = '.sealed';

/** The sealed documents of a site, each replaced as a whole. Names have letters, digits, dots, dashes and underscores. */
export class SealedFiles {
  constructor(
    private readonly directory: string,
    private readonly sealing: Sealing,
  ) {}

  /** Throws SiteDirectoryError `wrong-seal-key` or `damaged`, and leaves the file as it is. */
  async read(name: string): Promise<string | undefined> {
    let content: Buffer;
    try {
      content = await readFile(this.pathOf(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      return this.sealing.open(content, name).toString('utf8');
    } catch (error) {
      throw this.unreadable(name, error);
    }
  }

  async write(name: string, content: string): Promise<void> {
    await replaceFile(this.pathOf(name), this.sealing.close(Buffer.from(content, 'utf8'), name));
  }

  async remove(name: string): Promise<void> {
    await removeFile(this.pathOf(name));
  }

  async names(): Promise<string[]> {
    const files = await readdir(this.directory);
    return files.filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length));
  }

  private pathOf(name: string): string {
    if (!/^[A-Za-z0-9._-]{1,200}$/.test(name)) throw new Error(`"${name}" cannot name a file`);
    return join(this.directory, name + SUFFIX);
  }

  private unreadable(name: string, error: unknown): unknown {
    if (!(error instanceof PkiError)) return error;
    const path = this.pathOf(name);
    const said =
      error.code === 'seal.wrong-key'
        ? ([
            'wrong-seal-key',
            `${path} is sealed under another key. Start with the key that this site was made with.`,
          ] as const)
        : (['damaged', `${path} is damaged. Restore the site's directory, or remove it and join anew.`] as const);
    return new SiteDirectoryError(`site-directory.${said[0]}`, said[1], { cause: error });
  }
}
