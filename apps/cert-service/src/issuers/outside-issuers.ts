import type { OutsideIssuer } from '@caravan/events';
import type { EventStore } from '@caravan/event-store';
import type { Clock } from '@caravan/platform';
import type { CertServiceVariables } from '../variables.js';
import { CertManagerIssuer } from './cert-manager/cert-manager-issuer.js';
import { KubernetesApi } from './cert-manager/kubernetes-api.js';
import type { Issuer } from './issuer.js';
import { OfflineIssuer } from './offline-issuer.js';

/** Those that this installation has: people always, cert-manager where it is named. */
export function outsideIssuers(
  config: CertServiceVariables,
  log: Pick<EventStore, 'read'>,
  clock: Clock,
): Partial<Record<OutsideIssuer, Issuer>> {
  const offline = new OfflineIssuer(log);
  const { CERT_MANAGER_ISSUER: issuerRef, CERT_MANAGER_LIFETIME_SECONDS: seconds } = config;
  if (!issuerRef) return { offline };
  const api = new KubernetesApi({
    url: config.KUBERNETES_API_URL,
    tokenFile: config.KUBERNETES_TOKEN_FILE,
    caFile: config.KUBERNETES_CA_FILE,
  });
  const mostLifetimeMs = seconds === undefined ? undefined : seconds * 1_000;
  const namespace = config.CERT_MANAGER_NAMESPACE;
  return { offline, 'cert-manager': new CertManagerIssuer({ api, namespace, issuerRef, mostLifetimeMs, clock }) };
}
