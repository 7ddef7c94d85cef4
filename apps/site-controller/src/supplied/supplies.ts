import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { SERVICE_AUTHORITY } from '@caravan/data-plane';
import type { CertificateItem, Item } from '@caravan/data-plane';
import type { Report, SuppliedProof } from '@caravan/events';
import type { Log } from '../log.js';
import { Repeating } from '../pacing/index.js';
import type { BackOff } from '../pacing/index.js';
import { replaceFile } from '../site-directory/index.js';
import type { SitePaths } from '../site-directory/index.js';
import type { Troubles } from '../troubles.js';
import { accessPointSupplies } from './access-point-supplies.js';
import { Gathering } from './gathering.js';
import type { ApplicationMaterial, Ground } from './gathering.js';
import { linkNames, linkSupplies } from './link-supplies.js';
import type { LinkSupplies } from './link-supplies.js';
import type { Material } from './material.js';
import { needsOf } from './needs.js';
import type { ServiceAuthority } from './service-authority.js';
import type { OwnServer } from './own-server.js';
import { endsOf, proofOf } from './site-server.js';
import type { Ends, SiteServer } from './site-server.js';
import { readSupplied } from './supplied-files.js';
import { ACCESS_POINTS, Unusable } from './unusable.js';

export interface SuppliesOptions {
  readonly paths: Pick<SitePaths, 'supplied' | 'serviceAuthority'>;
  readonly authority: ServiceAuthority;
  readonly ownServer: OwnServer;
  readonly items: () => readonly Item[];
  readonly site: () => (Ground['site'] & { readonly siteId: string }) | undefined;
  readonly changed: () => void;
  readonly troubles: Troubles;
  readonly log: Log;
  /** How often it is looked for what was supplied since. */
  readonly everyMs: number;
  readonly backOff?: BackOff;
}

/** What of it is of use. */
export interface Supplied {
  readonly applications: ApplicationMaterial;
  readonly siteServer: SiteServer | undefined;
  /** By link. */
  readonly links: LinkSupplies['links'];
}

/** In which somebody copies two files, or a mounted Secret is swapped. */
const REPLACED_WITHIN_MS = 250;
export const NOTHING_SUPPLIED: Supplied = {
  applications: { certificates: {}, trusts: {} },
  siteServer: undefined,
  links: new Map(),
};
const NOTHING: ReadonlyMap<string, Material> = new Map();

/**
 * What a user supplies, watched: certificates and trust for TLS with applications, of which the site makes what is missing; and what proves
 * the access points of a backbone site, and a site on its links, in the place of what is issued to them.
 */
export class Supplies {
  #supplied: Supplied = NOTHING_SUPPLIED;
  #judged: Ends = new Map();
  #told: ReadonlyMap<string, string> = new Map();
  #published: string | undefined;
  #hasLooked = false;
  readonly #minted: Ground['minted'] = new Map();
  readonly #repeating: Repeating;

  constructor(private readonly options: SuppliesOptions) {
    const { troubles, log, backOff } = options;
    this.#repeating = new Repeating({
      work: () => this.#look(),
      failed: (error) => {
        this.#looked();
        troubles.set('supplied', error, new Date());
        log.warn({ err: error }, 'what is supplied cannot be read');
      },
      ...(backOff && { backOff }),
    });
  }

  /** Undefined before it was looked once: what runs is to be left as it is until then. */
  get now(): Supplied | undefined {
    return this.#hasLooked ? this.#supplied : undefined;
  }

  /** What proves access points in the place of what is issued to them; undefined: not looked yet, or nothing is to be proven here. */
  get proof(): SuppliedProof | null | undefined {
    if (this.#judged.size === 0) return undefined;
    const { siteServer } = this.#supplied;
    return siteServer ? proofOf(siteServer) : null;
  }

  /** What is shown on links, as others are told of it; undefined: not looked yet. */
  get linkCertificates(): Report['linkCertificates'] {
    return this.#hasLooked ? [...this.#supplied.links.values()].map(({ told }) => told) : undefined;
  }

  /** Whether the certificate of an item is to be issued; undefined: it was not looked yet whether another is supplied. */
  isToBeIssued({ id, purpose, hosts }: CertificateItem): boolean | undefined {
    if (purpose !== 'access-point') return true;
    if (!isDeepStrictEqual(this.#judged.get(id), hosts)) return undefined;
    return !this.#supplied.siteServer?.inPlaceOf.has(id);
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

  /** Nothing is read, made or watched for while no listener and no connector asks for TLS, and no access point has a host to prove. */
  async #look(): Promise<number | undefined> {
    const { paths, items, site: siteNow, authority, ownServer, troubles, everyMs } = this.options;
    const [needs, ends, links] = [needsOf(items()), endsOf(items()), linkNames(items())];
    const names = new Set([...needs.certificates.map(({ name }) => name), ...needs.trusts]);
    if (names.size > 0) names.add(SERVICE_AUTHORITY);
    if (ends.size > 0) for (const name of ACCESS_POINTS) names.add(name);
    for (const name of links.values()) names.add(name);
    const isNeeded = names.size > 0;
    const site = siteNow();
    if (!site) {
      this.#looked();
      return undefined;
    }
    const now = new Date();
    const own = () => authority.issuer(site.name, now);
    const gather = async () => {
      const supplied = isNeeded ? await readSupplied(paths.supplied, names) : NOTHING;
      const gathered = await Gathering.of({ needs, supplied, site, own, minted: this.#minted, now });
      const { server, problems } = await accessPointSupplies({ supplied, ends, site, own: ownServer, now });
      const about = { siteId: site.siteId, before: this.#supplied.links, now };
      const ofLinks = linkSupplies(supplied, links, about);
      const all = [...gathered.problems, ...problems, ...ofLinks.problems];
      return { ...gathered, server, links: ofLinks.links, problems: new Map(all) };
    };
    let gathered = await gather();
    // Files that are being replaced do not fit each other for a moment.
    if ([...gathered.problems.keys()].some((name) => !this.#told.has(name))) {
      await pause(REPLACED_WITHIN_MS);
      gathered = await gather();
    }
    const { problems, authority: signer, certificates, trusts, server, links: shown } = gathered;
    this.#tell(problems);
    if (signer) await this.#publish(signer.join(''));
    this.#take({ applications: { certificates, trusts }, siteServer: server, links: shown }, ends);
    this.#looked();
    troubles.clear('supplied');
    return isNeeded ? everyMs : undefined;
  }

  #looked(): void {
    if (this.#hasLooked) return;
    this.#hasLooked = true;
    this.options.changed();
  }

  #take(supplied: Supplied, judged: Ends): void {
    const isSame = isDeepStrictEqual(supplied, this.#supplied);
    if (isSame && isDeepStrictEqual(judged, this.#judged)) return;
    [this.#supplied, this.#judged] = [supplied, judged];
    const { applications, siteServer, links } = supplied;
    const names = { certificates: Object.keys(applications.certificates), trusts: Object.keys(applications.trusts) };
    const inPlaceOf = [...(siteServer?.inPlaceOf ?? [])];
    const about = { ...names, inPlaceOf, links: [...links.keys()] };
    if (!isSame) this.options.log.info(about, 'what is supplied, or made in its place, has changed');
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
      troubles.set(`supplied/${name}`, new Unusable(paths.supplied, name, detail), new Date());
    }
    this.#told = problems;
  }
}
