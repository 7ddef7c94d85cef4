import { Pool } from 'pg';
import type { PoolConfig } from 'pg';

/**
 * Connections to a server that a test stops or kills. Whoever asks by one is told; one that nobody uses is not missed, and without a listener its loss
 * would end the process, also after `end`, which does not wait until they are closed.
 */
export function poolOn(connectionString: string, options: Omit<PoolConfig, 'connectionString'> = {}): Pool {
  const pool = new Pool({ connectionString, ...options });
  pool.on('error', () => undefined);
  return pool;
}
