import { AuthorityEstablished } from '@caravan/events';
import type { EventOf } from '@caravan/events';
import type { CommandMetadata } from '@caravan/event-store';
import { sealingKeyId } from '@caravan/pki';
import type { Pool } from 'pg';
import { commandMetadata, storedMetadata } from '../recording/unrecorded.js';
import type { StoredMetadata } from '../recording/unrecorded.js';

/** An authority as it is kept: its sealed key beside the event that tells of it. */
export interface StoredAuthority {
  readonly event: EventOf<typeof AuthorityEstablished>;
  readonly metadata: CommandMetadata;
  /** Undefined where the key is elsewhere. */
  readonly sealedKey: Buffer | undefined;
  readonly recorded: boolean;
}

/** Why an authority can never be. */
export interface Impossibility {
  readonly code: string;
  readonly detail: string;
}

interface Row {
  event: EventOf<typeof AuthorityEstablished>['data'];
  metadata: StoredMetadata;
  sealed_key: Buffer | null;
  recorded: boolean;
}

export class AuthorityStore {
  constructor(private readonly pool: Pool) {}

  async find(authorityId: string): Promise<StoredAuthority | undefined> {
    const { rows } = await this.pool.query<Row>(
      'select event, metadata, sealed_key, recorded from authorities where authority_id = $1',
      [authorityId],
    );
    const row = rows[0];
    return (
      row && {
        event: AuthorityEstablished(row.event),
        metadata: commandMetadata(row.metadata),
        sealedKey: row.sealed_key ?? undefined,
        recorded: row.recorded,
      }
    );
  }

  /**
   * Keeps it unless one of that id is kept already; resolves with whether one is now. The primary key is the only lock, and the vault's
   * row keeps the master key in use until then: what is sealed with another one is not kept.
   */
  async keep({ event, metadata, sealedKey }: Omit<StoredAuthority, 'recorded'>): Promise<boolean> {
    const { authorityId, kind, issuerId, notAfter } = event.data;
    await this.pool.query(
      `insert into authorities (authority_id, kind, issuer_id, not_after, sealed_key, event, metadata)
       select $1::uuid, $2, $3::uuid, $4::timestamptz, $5::bytea, $6::json, $7::json
         from vault where key_id = coalesce($8, key_id) for share
       on conflict (authority_id) do nothing`,
      [
        ...[authorityId, kind, issuerId, notAfter, sealedKey ?? null, event.data, storedMetadata(metadata)],
        sealedKey ? sealingKeyId(sealedKey) : null,
      ],
    );
    return (await this.find(authorityId)) !== undefined;
  }

  async findImpossible(authorityId: string): Promise<Impossibility | undefined> {
    const { rows } = await this.pool.query<Impossibility>(
      'select code, detail from impossible_authorities where authority_id = $1',
      [authorityId],
    );
    return rows[0];
  }

  async keepImpossible(authorityId: string, { code, detail }: Impossibility): Promise<void> {
    await this.pool.query(
      'insert into impossible_authorities (authority_id, code, detail) values ($1, $2, $3) on conflict do nothing',
      [authorityId, code, detail],
    );
  }
}
