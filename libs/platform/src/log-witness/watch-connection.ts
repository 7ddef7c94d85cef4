import type { NatsConnection } from '@nats-io/transport-node';

export interface ConnectionWatch {
  readonly signal: AbortSignal;
  readonly lost: () => void;
  /** `anew`: to another server than before, or to one that was started again. */
  readonly back: (anew: boolean) => Promise<void>;
}

/** Tells when the connection is lost and when it is back, until it is closed. */
export async function watchConnection(nc: NatsConnection, { signal, lost, back }: ConnectionWatch): Promise<void> {
  let server = nc.info?.server_id;
  for await (const { type } of nc.status()) {
    if (signal.aborted) return;
    if (type === 'disconnect') lost();
    if (type !== 'reconnect') continue;
    const anew = nc.info?.server_id !== server;
    server = nc.info?.server_id;
    await back(anew);
  }
}
