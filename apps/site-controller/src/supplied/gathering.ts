import { isDeepStrictEqual } from 'node:util';
import { SERVICE_AUTHORITY, SERVICE_CLIENT, SERVICE_SERVER } from '@caravan/data-plane';
import type { Configuration } from '@caravan/data-plane';
import { canonicalHosts, describeCertificate, PkiError } from '@caravan/pki';
import type { IssuerCredential } from '@caravan/pki';
import { fitOf, isRoot } from './material.js';
import type { Fit, Material, Use } from './material.js';
import { credentialId } from './needs.js';
import type { NeededCertificate, Needs } from './needs.js';
import { isCurrent, mint, signerOf } from './minting.js';
import type { Minted, Minting, Signer } from './minting.js';

/** What the data plane speaks TLS with applications with. */
export type ApplicationMaterial = Pick<Configuration, 'certificates' | 'trusts'>;

export interface Gathered extends ApplicationMaterial {
  /** By name: why it is not of use. */
  readonly problems: ReadonlyMap<string, string>;
  /** By what clients are to trust what was signed here; undefined: nothing was. */
  readonly authority: Fit['trust'];
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
  #issuer: Promise<Signer | undefined> | undefined;

  private constructor(private readonly ground: Ground) {}

  static of(ground: Ground): Promise<Gathered> {
    return new Gathering(ground).#all();
  }

  async #all(): Promise<Gathered> {
    const { certificates: wanted, trusts: names } = this.ground.needs;
    const certificates: Configuration['certificates'] = {};
    const trusts: Configuration['trusts'] = {};
    for (const { name, use } of wanted) {
      const pair = await this.#certificate(name, use);
      if (pair) certificates[credentialId(name, use)] = { chain: pair.chain.join('\n'), key: pair.key.reveal() };
    }
    for (const name of names) {
      const trust = await this.#trust(name);
      if (trust) trusts[name] = [...trust];
    }
    const authority = (await this.#issuer) && (await this.#authorityTrust());
    return { certificates, trusts, problems: this.#problems, authority };
  }

  async #certificate(name: string, use: NeededCertificate['use']): Promise<Fit['certificate']> {
    const fit = this.#supplied(name, use);
    if (fit) return fit.certificate ?? this.#missing(name, 'it has no tls.crt and tls.key');
    if (name === SERVICE_SERVER && use === 'server') return this.#made(name, 'serviceServer', this.ground.needs.hosts);
    if (name === SERVICE_CLIENT && use === 'client')
      return this.#made(name, 'serviceClient', hostsOf(this.ground.site));
    return this.#missing(name, 'it has no tls.crt and tls.key');
  }

  async #trust(name: string): Promise<Fit['trust']> {
    if (name === SERVICE_AUTHORITY) return this.#authorityTrust();
    const fit = this.#supplied(name, 'client');
    if (fit) return fit.trust ?? this.#missing(name, 'it has no ca.crt');
    if (name !== SERVICE_CLIENT) return this.#missing(name, 'it has no ca.crt');
    return (await this.#signer()) && this.#authorityTrust();
  }

  /** By what it is trusted that signs here: up to its root. */
  async #authorityTrust(): Promise<Fit['trust']> {
    const fit = this.#supplied(SERVICE_AUTHORITY, 'authority');
    if (!fit) return [(await this.ground.own()).certificatePem];
    if (fit.trust) return fit.trust;
    if (!fit.certificate) return this.#missing(SERVICE_AUTHORITY, 'it has no ca.crt');
    const { chain } = fit.certificate;
    if (isRoot(chain.at(-1)!)) return chain;
    const { subject, issuer } = describeCertificate(chain.at(-1)!);
    return this.#missing(SERVICE_AUTHORITY, `nobody can trust ${subject} without ${issuer}: add it to tls.crt`);
  }

  /** Undefined: nobody has put anything there. */
  #supplied(name: string, use: Use): Fit | undefined {
    const { supplied, now } = this.ground;
    const material = supplied.get(name);
    if (!material) return undefined;
    const fit = fitOf(material, use, now);
    const before = this.#problems.get(name);
    const problems = fit.problems.filter((problem) => !before?.includes(problem));
    if (problems.length > 0)
      this.#problems.set(name, [...(before === undefined ? [] : [before]), ...problems].join('; '));
    return fit;
  }

  async #made(name: string, profile: Minting['profile'], hosts: readonly string[]): Promise<Minted | undefined> {
    const issuer = await this.#signer();
    if (!issuer) return undefined;
    const { minted, now, site } = this.ground;
    const of = { profile, hosts, issuer: issuer.certificatePem };
    const before = minted.get(name);
    if (before && isDeepStrictEqual(before.of, of) && isCurrent(before.certificate, now)) return before.certificate;
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

  #signer(): Promise<Signer | undefined> {
    return (this.#issuer ??= this.#findSigner());
  }

  /** The user's, with its key; else the site's own. */
  async #findSigner(): Promise<Signer | undefined> {
    const fit = this.#supplied(SERVICE_AUTHORITY, 'authority');
    if (!fit) return { ...(await this.ground.own()), above: [] };
    if (!fit.certificate) return this.#missing(SERVICE_AUTHORITY, 'it has no tls.crt and tls.key to sign with');
    return signerOf(fit.certificate);
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
