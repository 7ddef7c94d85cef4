import type { CertificateStore } from '../certificates/index.js';
import type { DesiredStateStore } from '../desired-state/index.js';
import type { Journal } from './journal.js';

/** What of a site's state joining changes. */
export interface Held {
  readonly journal: Journal;
  readonly certificates: CertificateStore;
  readonly desired: DesiredStateStore;
}
