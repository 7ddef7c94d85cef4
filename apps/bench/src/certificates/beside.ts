import { sign } from 'node:crypto';
import { newCsrs, newIssuer, rateOf, signed } from './in-memory.js';
import { peculiarSigner } from './peculiar.js';
import { findCfssl, startWireServers, wireRate } from './wire.js';

/** Certificates a second of one round, by ours and by others that do the same. */
export interface Beside {
  readonly inMemory: number;
  readonly peculiar: number;
  /** Signatures. */
  readonly rawSign: number;
  readonly wire: number;
  /** Undefined where it is not installed. */
  readonly cfssl: number | undefined;
}

interface Sizes {
  readonly signatures: number;
  readonly inMemory: number;
  readonly peculiar: number;
  readonly wire: number;
}

/** About what is signed of a certificate. */
const TO_BE_SIGNED = Buffer.alloc(600, 1);

/** Ours and others under one authority, one after the other in each round: whoever measures them apart measures two machines. */
export async function standBeside(say: (line: string) => void) {
  const issuer = newIssuer();
  const cfssl = findCfssl();
  if (cfssl === undefined) say('cfssl is not installed (Debian: golang-cfssl; or CFSSL_BIN): no ratio to it');
  const servers = await startWireServers(issuer, cfssl);
  const byPeculiar = await peculiarSigner(issuer);
  const round = async (sizes: Sizes): Promise<Beside> => {
    const csrs = newCsrs(Math.max(sizes.peculiar, sizes.wire));
    const csrOf = (n: number): string => csrs[n % csrs.length]!;
    const rawSign = rateOf(() => {
      for (let n = 0; n < sizes.signatures; n++) sign('sha256', TO_BE_SIGNED, issuer.privateKey);
    }, sizes.signatures);
    const inMemory = rateOf(() => {
      for (let n = 0; n < sizes.inMemory; n++) signed(csrOf(n), issuer);
    }, sizes.inMemory);
    const start = performance.now();
    for (let n = 0; n < sizes.peculiar; n++) await byPeculiar(csrOf(n));
    const peculiar = sizes.peculiar / ((performance.now() - start) / 1000);
    const wire = await wireRate(servers.ours, csrs.slice(0, sizes.wire));
    const theirs = servers.theirs && (await wireRate(servers.theirs, csrs.slice(0, sizes.wire)));
    return { inMemory, peculiar, rawSign, wire, cfssl: theirs };
  };
  return { round, stop: servers.stop };
}
