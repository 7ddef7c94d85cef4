import { isDeepStrictEqual } from 'node:util';
import { Secret } from '@caravan/pki';
import { z } from 'zod';
import type { SealedFiles } from '../site-directory/index.js';
import { isCurrent, mint } from './minting.js';
import type { Minted, Minting, Signer } from './minting.js';

const NAME = 'site-server';
const keptSchema = z.object({
  of: z.object({ issuer: z.string(), hosts: z.array(z.string()) }),
  chain: z.array(z.string()),
  key: z.string(),
  notBefore: z.string(),
  notAfter: z.string(),
});
type Kept = z.infer<typeof keptSchema>;

/**
 * What proves the access points of a site whose operator supplies an authority for them. Others are told of it, so it outlives the
 * process; its key is made here and lies sealed.
 */
export class OwnServer {
  #known: Kept | undefined;

  constructor(private readonly files: Pick<SealedFiles, 'read' | 'write'>) {}

  /** The one that is in use, as long as it is for those hosts, of that authority and not old. @throws PkiError when that cannot sign it */
  async certificate(signer: Signer, about: Omit<Minting, 'profile'>): Promise<Minted> {
    const { hosts, now } = about;
    const of = { issuer: signer.certificatePem, hosts: [...hosts] };
    this.#known ??= await this.#read();
    if (!this.#known || !isDeepStrictEqual(this.#known.of, of) || !isCurrent(this.#known, now)) {
      const { chain, key, ...window } = mint(signer, { ...about, profile: 'serviceServer' });
      const made = { of, chain: [...chain], key: key.reveal(), ...window };
      await this.files.write(NAME, JSON.stringify(made));
      this.#known = made;
    }
    // What stands above may have come later than it.
    const { chain, key, notBefore, notAfter } = this.#known;
    return { chain: [chain[0]!, ...signer.above], key: new Secret(key), notBefore, notAfter };
  }

  async #read(): Promise<Kept | undefined> {
    const text = await this.files.read(NAME);
    return text === undefined ? undefined : keptSchema.parse(JSON.parse(text));
  }
}
