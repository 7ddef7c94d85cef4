import { describe } from 'vitest';
import { speaksTls } from './application-tls.js';
import { carries } from './carrying.js';
import { confines } from './confinement.js';
import { failsOver } from './failover.js';
import { checksHosts } from './hosts.js';
import { letsInWhatIsPinned } from './pinned.js';
import { ownsPorts } from './ports.js';
import { replaces } from './replacement.js';
import { revokes } from './revocation.js';
import { showsWhatIsSupplied } from './supplied.js';
import type { StartDataPlane } from './test-site.js';
import { keepsWindows } from './windows.js';

/**
 * What every data plane must hold, over real sockets and real TLS. `start` brings up one that has no configuration yet; the
 * suite stops each that it started. Needs loopback only.
 */
export function dataPlaneContract(name: string, start: StartDataPlane): void {
  describe(`${name} keeps the contract of a data plane:`, () => {
    carries(start);
    confines(start);
    checksHosts(start);
    replaces(start);
    revokes(start);
    showsWhatIsSupplied(start);
    letsInWhatIsPinned(start);
    keepsWindows(start);
    failsOver(start);
    ownsPorts(start);
    speaksTls(start);
  });
}
