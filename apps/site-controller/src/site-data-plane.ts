import type { Connection, DataPlane } from '@caravan/data-plane';

/** The data plane of this site, and what it tells about itself. */
export interface SiteDataPlane extends DataPlane {
  /** Recent connections, newest first; with an id, the hops of that one here. */
  connections(id?: string): Promise<Connection[]>;
}

export interface DataPlaneHooks {
  /** It is there, and remembers nothing: it needs its whole configuration. */
  readonly onConnected: () => void;
  readonly onDisconnected: (why: Error) => void;
}

/** Opens the data plane, which comes and goes by itself. */
export type OpenDataPlane = (hooks: DataPlaneHooks) => SiteDataPlane;
