import { filesWithKeys, keyMaterialIn } from './key-material.js';
import type { TestInstallation } from './test-installation.js';
import { wholeDatabase } from './whole-database.js';

/**
 * Where a private key was written that does not belong there: a log (which has all that was said over NATS, after `traceNats`), the log of
 * events, a row, the disk of a site.
 */
export async function keysOutOfPlace(installation: TestInstallation): Promise<string[]> {
  const { logs, nats, sites } = installation.state;
  const tables = await wholeDatabase(installation);
  const rows = [...tables].flatMap(([name, text]) => {
    const found = keyMaterialIn(Buffer.from(text));
    return found === undefined ? [] : [`table ${name}: ${found}`];
  });
  return [...[logs, nats, sites].flatMap(filesWithKeys), ...rows];
}
