/** What a site-controller tells its supervisor: how far it has come, why it ends, and what its relay shall be from now on. */
export interface Told {
  readonly step?: string;
  readonly ended?: string;
  /** A configuration of the relay as JSON in UTF-8, with private keys; the supervisor keeps it in memory. */
  readonly configuration?: Uint8Array;
  /** The management plane was heard: the next controller need not wait for it. */
  readonly heard?: boolean;
}

/** Resolves when it is on its way, in order; at once in a process that has no supervisor. */
export function tellSupervisor(told: Told): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected || !process.send) return resolve();
    process.send(told, () => resolve()); // one that is gone takes us with it anyway
  });
}

export function toldBy(message: unknown): Told {
  const { step, ended, configuration, heard } = Object(message) as Record<string, unknown>;
  return {
    ...(typeof step === 'string' && { step }),
    ...(typeof ended === 'string' && { ended }),
    ...(configuration instanceof Uint8Array && { configuration }),
    ...(heard === true && { heard }),
  };
}
