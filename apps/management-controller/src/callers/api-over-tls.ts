import { X509Certificate } from 'node:crypto';
import { Rejection } from '@caravan/event-store';
import { describeCertificate, splitChain } from '@caravan/pki';
import { ConfigurationError, CurrentFile } from '@caravan/platform';
import type { TlsListener, TlsListening } from '@caravan/platform';
import type { Variables } from '../variables.js';

type Told = Pick<Variables, `API_${'TLS_HOST' | 'TLS_PORT' | 'CERT_FILE' | 'KEY_FILE' | 'CLIENT_CA_FILE'}`>;

/** What the API proves itself with over TLS, and whose administrators it takes there: files, as they are now. */
export class ApiOverTls {
  readonly #trust: CurrentFile | undefined;
  #listener: Pick<TlsListener, 'shows'> | undefined;

  private constructor(
    /** Undefined: there is no API over TLS. */
    readonly listening?: TlsListening,
    trustFile?: string,
  ) {
    this.#trust = trustFile === undefined ? undefined : new CurrentFile(trustFile);
  }

  /** @throws ConfigurationError where a port is given and not all of the files */
  static of(variables: Told): ApiOverTls {
    const { API_TLS_PORT: port, API_TLS_HOST: host } = variables;
    if (port === undefined) return new ApiOverTls();
    const { API_CERT_FILE: certFile, API_KEY_FILE: keyFile, API_CLIENT_CA_FILE: trustFile } = variables;
    if (certFile !== undefined && keyFile !== undefined && trustFile !== undefined)
      return new ApiOverTls({ host, port, certFile, keyFile }, trustFile);
    const files = Object.entries({ API_CERT_FILE: certFile, API_KEY_FILE: keyFile, API_CLIENT_CA_FILE: trustFile });
    const remedy = 'cert-service init writes it; API_TLS_PORT needs it';
    throw new ConfigurationError(
      files.flatMap(([variable, file]) => (file === undefined ? { variable, says: 'is missing', remedy } : [])),
    );
  }

  opened(listener: Pick<TlsListener, 'shows'>): void {
    this.#listener = listener;
  }

  /** The authorities whose administrators are let in, PEM. @throws Rejection `service.unavailable`: then nobody is */
  trust(): string[] {
    try {
      return splitChain(this.#trust?.text() ?? '');
    } catch (error) {
      const detail = `Whose certificates are taken cannot be read (${(error as Error).message}). Remedy: mend ${this.#trust?.path}, or ask with a token`;
      throw new Rejection('service.unavailable', { detail });
    }
  }

  /** What is wrong with it, for the health port. */
  trouble(): string | undefined {
    try {
      return void this.trust();
    } catch (error) {
      return String((error as Rejection).details['detail']);
    }
  }

  /** Fingerprints of the authorities whose administrators are let in. */
  accepts(): string[] {
    return this.trust().map((each) => describeCertificate(each).fingerprint);
  }

  /** Fingerprints of what the API proves itself with, leaf first, and of whom it takes that signed it; none: it is not open. */
  presents(): string[] {
    const chain = splitChain(this.#listener?.shows() ?? '');
    const [leaf] = chain.map((each) => new X509Certificate(each));
    const isSigner = (authority: X509Certificate): boolean =>
      leaf !== undefined && leaf.checkIssued(authority) && leaf.verify(authority.publicKey);
    const signers = this.trust().filter((each) => isSigner(new X509Certificate(each)));
    return [...new Set([...chain, ...signers].map((each) => describeCertificate(each).fingerprint))];
  }
}
