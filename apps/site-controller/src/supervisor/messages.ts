/** What a site-controller tells its supervisor: how far it has come, and why it ends. */
export interface Told {
  readonly step?: string;
  readonly ended?: string;
}

/** Does nothing in a process that has no supervisor. */
export function tellSupervisor(told: Told): void {
  if (process.connected) process.send?.(told, () => undefined); // one that is gone takes us with it anyway
}

export function toldBy(message: unknown): Told {
  const { step, ended } = Object(message) as Record<string, unknown>;
  return {
    ...(typeof step === 'string' && { step }),
    ...(typeof ended === 'string' && { ended }),
  };
}
