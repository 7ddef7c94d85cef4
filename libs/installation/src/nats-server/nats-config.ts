/** Subjects that one user may publish or subscribe to; an empty `allow` means none at all. */
export interface SubjectRules {
  readonly allow: readonly string[];
  readonly deny?: readonly string[];
}

/** A client that signs in with an nkey: its public key (`U...`), and what it may do. */
export interface NatsUser {
  readonly nkey: string;
  readonly publish: SubjectRules;
  readonly subscribe: SubjectRules;
  /** May answer the requests that it receives, whatever their reply subject. Default false. */
  readonly allowResponses?: boolean;
}

/** What the management account offers to the sites' account. */
export interface NatsExport {
  readonly kind: 'service' | 'stream';
  readonly subject: string;
  /** Default: that of the sites. */
  readonly toAccounts?: readonly AccountName[];
}

/** What the sites' account takes from another. */
export interface NatsImport {
  readonly kind: 'service' | 'stream';
  readonly from: AccountName;
  readonly subject: string;
  /** The subject under which the importing account sees it; by default the same. */
  readonly to?: string;
}

export type AccountName = 'MGMT' | 'SITES' | 'AUTH' | 'SYS';

/** PEM files. Clients prove themselves by certificate as well, and TLS comes before anything else on the wire. */
export interface NatsTls {
  readonly certFile: string;
  readonly keyFile: string;
  /** The root alone: this file never changes with networks, since a reload drops every callout client. */
  readonly caFile: string;
  /** Default 5 s. */
  readonly timeoutSeconds?: number;
}

/** Everything that our nats-server is configured with. */
export interface NatsConfig {
  readonly serverName: string;
  readonly listen: { readonly host: string; readonly port: number };
  /** On loopback; -1: any. */
  readonly monitorPort: number;
  readonly tls: NatsTls;
  /** Every message is on disk before it is acknowledged. */
  readonly jetstream: { readonly storeDir: string };
  /** In bytes. Default 1 MiB. */
  readonly maxPayload?: number;
  /** Of the management plane, with JetStream. */
  readonly management: { readonly users: readonly NatsUser[]; readonly exports: readonly NatsExport[] };
  /** Of the sites, whose clients the auth callout admits. */
  readonly sites: { readonly imports: readonly NatsImport[]; readonly exports?: readonly NatsExport[] };
  /** Of whoever answers the auth callout. */
  readonly auth: { readonly users: readonly NatsUser[] };
  readonly system: { readonly users: readonly NatsUser[] };
  readonly callout: {
    /** Public key (`A...`) that signs the answers. */
    readonly issuer: string;
    /** How long a client waits for the decision, default 5 s. */
    readonly timeoutSeconds?: number;
  };
}
