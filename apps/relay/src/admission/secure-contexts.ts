import { createHash } from 'node:crypto';
import { constants } from 'node:crypto';
import type { SecureContext } from 'node:tls';
import { createSecureContext } from 'node:tls';
import type { Credential } from '../configuration/credential.js';

/** More than the doors of a large backbone site; each is some tens of kilobytes. */
const KEPT = 2_048;

/**
 * TLS contexts, made once per credential and trust. `allowPartialTrustChain`: the anchor is the lowest CA of its kind, an
 * intermediate. No tickets: resumption would outlive a trust removal.
 */
export class SecureContexts {
  readonly #contexts = new Map<string, SecureContext>();

  /** Throws when OpenSSL cannot use them; both were checked when the configuration was taken. */
  for(credential: Credential, trust: readonly string[]): SecureContext {
    const name = createHash('sha256').update(credential.mark).update(trust.join('\0')).digest('hex');
    const known = this.#contexts.get(name);
    if (known) return known;
    const context = createSecureContext({
      cert: credential.chain,
      key: credential.key.reveal(),
      ca: [...trust],
      allowPartialTrustChain: true,
      minVersion: 'TLSv1.3',
      secureOptions: constants.SSL_OP_NO_TICKET,
    });
    const [oldest] = this.#contexts.keys();
    if (this.#contexts.size >= KEPT && oldest !== undefined) this.#contexts.delete(oldest);
    this.#contexts.set(name, context);
    return context;
  }

  get size(): number {
    return this.#contexts.size;
  }

  /** Forgets all: contexts hold private keys, which must go when their certificates do. */
  clear(): void {
    this.#contexts.clear();
  }
}
