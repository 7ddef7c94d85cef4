import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { SERVICE_AUTHORITY } from '@caravan/data-plane';
import type { Item } from '@caravan/data-plane';
import type { Log } from '../log.js';
import { Repeating } from '../pacing/index.js';
import type { BackOff } from '../pacing/index.js';
import { replaceFile } from '../site-directory/index.js';
import type { SitePaths } from '../site-directory/index.js';
import type { Troubles } from '../troubles.js';
import { Gathering } from './gathering.js';
import type { ApplicationMaterial, Ground } from './gathering.js';
import type { Material } from './material.js';
import { needsOf } from './needs.js';
import type { ServiceAuthority } from './service-authority.js';
import { readSupplied } from './supplied-files.js';

export interface ApplicationCredentialsOptions {
  readonly paths: Pick<SitePaths, 'supplied' | 'serviceAuthority'>;
  readonly authority: ServiceAuthority;
  readonly items: () => readonly Item[];
  readonly site: () => Ground['site'] | undefined;
  readonly changed: () => void;
  readonly troubles: Troubles;
  readonly log: Log;
  /** How often it is looked for what was supplied since. */
  readonly everyMs: number;
  readonly backOff?: BackOff;
}

class Unusable extends Error {
  override readonly name = 'Unusable';
  readonly code = 'supplied.unusable';
}

/** In which somebody copies two files, or a mounted Secret is swapped. */
const REPLACED_WITHIN_MS = 250;
const NOTHING: ReadonlyMap<string, Material> = new Map();

/** Certificates and trust for TLS with applications: what a user supplies, watched, and what the site makes where nothing is. */
export class ApplicationCredentials {
  #material: ApplicationMaterial = { certificates: {}, trusts: {} };
  #told: ReadonlyMap<string, string> = new Map();
  #published: string | undefined;
  #hasLooked = false;
  readonly #minted: Ground['minted'] = new Map();
  readonly #repeating: Repeating;

  constructor(private readonly options: ApplicationCredentialsOptions) {
    const { troubles, log, backOff } = options;
    this.#repeating = new Repeating({
      work: () => this.#look(),
      failed: (error) => {
        this.#looked();
        troubles.set('supplied', error, new Date());
        log.warn({ err: error }, 'what is supplied for applications cannot be read');
      },
      ...(backOff && { backOff }),
    });
  }

  /** Undefined before it was looked once: what runs is to be left as it is until then. */
  get material(): ApplicationMaterial | undefined {
    return this.#hasLooked ? this.#material : undefined;
  }

  start(): void {
    this.#repeating.start();
  }

  /** What is asked for may have changed. */
  again(): void {
    this.#repeating.wake();
  }

  stop(): Promise<void> {
    return this.#repeating.stop();
  }

  /** Nothing is read, made or watched for while no listener and no connector asks for TLS. */
  async #look(): Promise<number | undefined> {
    const { paths, items, site: siteNow, authority, troubles, everyMs } = this.options;
    const needs = needsOf(items());
    const names = new Set([...needs.certificates.map(({ name }) => name), ...needs.trusts]);
    const isNeeded = names.size > 0;
    const site = siteNow();
    if (!site) {
      this.#looked();
      return undefined;
    }
    const now = new Date();
    const own = () => authority.issuer(site.name, now);
    const gather = async () => {
      const supplied = isNeeded ? await readSupplied(paths.supplied, [...names, SERVICE_AUTHORITY]) : NOTHING;
      return Gathering.of({ needs, supplied, site, own, minted: this.#minted, now });
    };
    let gathered = await gather();
    // Files that are being replaced do not fit each other for a moment.
    if ([...gathered.problems.keys()].some((name) => !this.#told.has(name))) {
      await new Promise((resolve) => setTimeout(resolve, REPLACED_WITHIN_MS));
      gathered = await gather();
    }
    const { problems, authority: signer, certificates, trusts } = gathered;
    this.#tell(problems);
    this.#take({ certificates, trusts });
    this.#looked();
    if (signer !== undefined) await this.#publish(signer);
    troubles.clear('supplied');
    return isNeeded ? everyMs : undefined;
  }

  #looked(): void {
    if (this.#hasLooked) return;
    this.#hasLooked = true;
    this.options.changed();
  }

  #take(material: ApplicationMaterial): void {
    if (isDeepStrictEqual(material, this.#material)) return;
    this.#material = material;
    const names = { certificates: Object.keys(material.certificates), trusts: Object.keys(material.trusts) };
    this.options.log.info(names, 'what TLS with applications is spoken with has changed');
    this.options.changed();
  }

  /** For clients to be given: without it they cannot tell the site's listeners from others. */
  async #publish(authority: string): Promise<void> {
    if (this.#published === authority) return;
    await replaceFile(this.options.paths.serviceAuthority, authority);
    this.#published = authority;
  }

  #tell(problems: ReadonlyMap<string, string>): void {
    const { troubles, paths } = this.options;
    for (const name of this.#told.keys()) if (!problems.has(name)) troubles.clear(`supplied/${name}`);
    for (const [name, detail] of problems) {
      if (this.#told.get(name) === detail) continue;
      const words = `TLS with applications needs what ${join(paths.supplied, name)} has, and that is not of use: ${detail}`;
      troubles.set(`supplied/${name}`, new Unusable(words), new Date());
    }
    this.#told = problems;
  }
}
