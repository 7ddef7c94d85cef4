import { isDeepStrictEqual } from 'node:util';
import { SERVICE_AUTHORITY, SERVICE_CLIENT, SERVICE_SERVER } from '@caravan/data-plane';
import type { Configuration } from '@caravan/data-plane';
import { canonicalHosts, importPrivateKey, PkiError, renewalTime } from '@caravan/pki';
import type { IssuerCredential } from '@caravan/pki';
import { fitOf } from './material.js';
import type { Fit, Material, Use } from './material.js';
import type { Needs } from './needs.js';
import { mint } from './service-authority.js';
import type { Minted, Minting } from './service-authority.js';

/** What the data plane speaks TLS with applications with. */
export type ApplicationMaterial = Pick<Configuration, 'certificates' | 'trusts'>;

export interface Gathered extends ApplicationMaterial {
  /** By name: why it is not of use. */
  readonly problems: ReadonlyMap<string, string>;
  /** The authority that signed something now, PEM. */
  readonly authority: string | undefined;
}

export interface Ground {
  readonly needs: Needs;
  readonly supplied: ReadonlyMap<string, Material>;
  readonly site: { readonly name: string; readonly installation: string };
  /** The site's own authority, made when it is asked for. */
  readonly own: () => Promise<IssuerCredential>;
  /** What was minted before, by name; kept from one gathering to the next. */
  readonly minted: Map<string, Kept>;
  readonly now: Date;
}

interface Kept {
  readonly of: unknown;
  readonly certificate: Minted;
}

/**
 * Everything that TLS with applications asks for by name: as it is supplied, else made here where it is the site's own. What is supplied and
 * does not fit is used for nothing, and nothing is used in its place: it would speak for somebody else.
 */
export class Gathering {
  readonly #problems = new Map<string, string>();
  #issuer: Promise<IssuerCredential | undefined> | undefined;

  private constructor(private readonly ground: Ground) {}

  static of(ground: Ground): Promise<Gathered> {
    return new Gathering(ground).#all();
  }

  async #all(): Promise<Gathered> {
    const { certificates: wanted, trusts: names } = this.ground.needs;
    const certificates: Configuration['certificates'] = {};
    const trusts: Configuration['trusts'] = {};
    for (const [name, use] of wanted) {
      const pair = await this.#certificate(name, use);
      if (pair) certificates[name] = { chain: pair.chain.join('\n'), key: pair.key.reveal() };
    }
    for (const name of names) {
      const trust = await this.#trust(name);
      if (trust) trusts[name] = [...trust];
    }
    const authority = (await this.#issuer)?.certificatePem;
    return { certificates, trusts, problems: this.#problems, authority };
  }

  async #certificate(name: string, use: Use): Promise<Fit['certificate']> {
    const fit = this.#supplied(name, use);
    if (fit) return fit.certificate ?? this.#missing(name, 'it has no tls.crt and tls.key');
    if (name === SERVICE_SERVER) return this.#made(name, 'serviceServer', this.ground.needs.hosts);
    if (name === SERVICE_CLIENT) return this.#made(name, 'serviceClient', hostsOf(this.ground.site));
    return this.#missing(name, 'it has no tls.crt and tls.key');
  }

  async #trust(name: string): Promise<Fit['trust']> {
    const fit = this.#supplied(name, name === SERVICE_AUTHORITY ? 'authority' : 'client');
    // An authority is trusted by its own certificate, if nobody says by which others.
    const supplied = fit?.trust ?? (name === SERVICE_AUTHORITY ? fit?.certificate?.chain.slice(0, 1) : undefined);
    if (supplied) return supplied;
    if (fit || (name !== SERVICE_CLIENT && name !== SERVICE_AUTHORITY)) return this.#missing(name, 'it has no ca.crt');
    const issuer = await this.#signer();
    return issuer && [issuer.certificatePem];
  }

  /** Undefined: nobody has put anything there. */
  #supplied(name: string, use: Use): Fit | undefined {
    const { supplied, now } = this.ground;
    const material = supplied.get(name);
    if (!material) return undefined;
    const fit = fitOf(material, use, now);
    if (fit.problems.length > 0) this.#problems.set(name, fit.problems.join('; '));
    return fit;
  }

  async #made(name: string, profile: Minting['profile'], hosts: readonly string[]): Promise<Minted | undefined> {
    const issuer = await this.#signer();
    if (!issuer) return undefined;
    const { minted, now, site } = this.ground;
    const of = { profile, hosts, issuer: issuer.certificatePem };
    const before = minted.get(name);
    if (before && isDeepStrictEqual(before.of, of) && !isOld(before.certificate, now)) return before.certificate;
    const commonName = `service of ${site.name}`;
    try {
      const certificate = mint(issuer, { profile, hosts, commonName, installation: site.installation, now });
      minted.set(name, { of, certificate });
      return certificate;
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
      return this.#missing(name, `${SERVICE_AUTHORITY} cannot sign it: ${error.message}`);
    }
  }

  #signer(): Promise<IssuerCredential | undefined> {
    return (this.#issuer ??= this.#findSigner());
  }

  /** The user's, with its key; else the site's own. */
  async #findSigner(): Promise<IssuerCredential | undefined> {
    const fit = this.#supplied(SERVICE_AUTHORITY, 'authority');
    if (!fit) return this.ground.own();
    if (!fit.certificate) return this.#missing(SERVICE_AUTHORITY, 'it has no tls.crt and tls.key to sign with');
    const { chain, key } = fit.certificate;
    return { certificatePem: chain[0]!, privateKey: importPrivateKey(key) };
  }

  /** What is told already is more exact. */
  #missing(name: string, detail: string): undefined {
    if (!this.#problems.has(name)) this.#problems.set(name, detail);
  }
}

/** A name of digits alone is an address to resolvers. */
const hostsOf = ({ name }: Ground['site']): string[] =>
  canonicalHosts([name, `${name}.site`])
    .slice(0, 1)
    .map((host) => host.name);

/** As for any certificate; nobody stands above it who would end before. */
const isOld = ({ notBefore, notAfter }: Minted, now: Date): boolean => {
  const due = renewalTime({ notBefore, notAfter }, { notAfter: undefined }, '00000000');
  return due === undefined || due <= now;
};
