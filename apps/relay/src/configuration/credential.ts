import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import type { Configuration } from '@caravan/data-plane';
import { Secret } from '@caravan/pki';

/** A certificate chain and its private key, from where the configuration is taken on. Never printed. */
export interface Credential {
  readonly chain: string;
  readonly key: Secret<string>;
  /** Equal marks are the same chain and key. */
  readonly mark: string;
  /** Milliseconds since 1970: from when on the other end can take it; 0 when it cannot be read. */
  readonly validFrom: number;
  /** Why it cannot be used, in words that quote nothing of the key. */
  readonly fault: string | undefined;
}

export function credentialOf({ chain, key }: Configuration['certificates'][string]): Credential {
  const mark = createHash('sha256').update(chain).update('\0').update(key).digest('hex');
  return { chain, key: new Secret(key), mark, validFrom: validFrom(chain), fault: faultOf(chain, key) };
}

function validFrom(chain: string): number {
  try {
    return Date.parse(new X509Certificate(chain).validFrom);
  } catch {
    return 0; // `fault` says it
  }
}

function faultOf(chain: string, key: string): string | undefined {
  try {
    // OpenSSL reads the first certificate of a bundle: the leaf.
    const leaf = new X509Certificate(chain);
    return leaf.checkPrivateKey(createPrivateKey(key)) ? undefined : 'the private key is not that of the certificate';
  } catch {
    return 'the certificate chain or its private key is not readable PEM';
  }
}

export function trustFault(trust: readonly string[]): string | undefined {
  for (const [index, pem] of trust.entries()) {
    try {
      if (!new X509Certificate(pem).ca) return `trust ${index + 1} is not a CA`;
    } catch {
      return `trust ${index + 1} is not a certificate`;
    }
  }
  return undefined;
}
