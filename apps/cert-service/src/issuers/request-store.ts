import { AuthorityRequested } from '@caravan/events';
import type { EventOf } from '@caravan/events';
import type { CommandMetadata } from '@caravan/event-store';
import { sealingKeyId } from '@caravan/pki';
import type { Pool } from 'pg';
import { commandMetadata, storedMetadata } from '../recording/unrecorded.js';
import type { StoredMetadata } from '../recording/unrecorded.js';

/** A request as it is kept: the sealed key that it was made with beside the event that tells of it. */
export interface StoredRequest {
  readonly event: EventOf<typeof AuthorityRequested>;
  readonly metadata: CommandMetadata;
  readonly sealedKey: Buffer;
  readonly recorded: boolean;
}

interface Row {
  event: EventOf<typeof AuthorityRequested>['data'];
  metadata: StoredMetadata;
  sealed_key: Buffer;
  recorded: boolean;
}

export class RequestStore {
  constructor(private readonly pool: Pool) {}

  async find(authorityId: string): Promise<StoredRequest | undefined> {
    const { rows } = await this.pool.query<Row>(
      'select event, metadata, sealed_key, recorded from authority_requests where authority_id = $1',
      [authorityId],
    );
    const row = rows[0];
    return (
      row && {
        event: AuthorityRequested(row.event),
        metadata: commandMetadata(row.metadata),
        sealedKey: row.sealed_key,
        recorded: row.recorded,
      }
    );
  }

  /** As `AuthorityStore.keep`: the first of that id stays, and nothing is kept under a master key that is not in use. */
  async keep({ event, metadata, sealedKey }: Omit<StoredRequest, 'recorded'>): Promise<boolean> {
    const { authorityId } = event.data;
    await this.pool.query(
      `insert into authority_requests (authority_id, sealed_key, event, metadata)
       select $1::uuid, $2::bytea, $3::json, $4::json from vault where key_id = $5 for share
       on conflict (authority_id) do nothing`,
      [authorityId, sealedKey, event.data, storedMetadata(metadata), sealingKeyId(sealedKey)],
    );
    return (await this.find(authorityId)) !== undefined;
  }
}
