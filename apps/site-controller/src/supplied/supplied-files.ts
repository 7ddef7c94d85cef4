import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { addressSchema } from '@caravan/data-plane';
import { Secret } from '@caravan/pki';
import type { Material } from './material.js';

const MOST_BYTES = 65_536;

/** What a user has put beside a site: `<directory>/<name>/{tls.crt,tls.key,ca.crt}` of these names, as it is now. What is not there is none. */
export async function readSupplied(directory: string, names: Iterable<string>): Promise<Map<string, Material>> {
  const found = new Map<string, Material>();
  for (const name of names) {
    if (!addressSchema.safeParse(name).success) continue; // names are as addresses are, and lead nowhere else
    const material = await materialIn(join(directory, name));
    if (Object.keys(material).length > 0) found.set(name, material);
  }
  return found;
}

async function materialIn(directory: string): Promise<Material> {
  const unreadable: string[] = [];
  const read = async (file: string): Promise<string | undefined> => {
    try {
      return await textOf(join(directory, file));
    } catch (error) {
      unreadable.push(`${file}: ${(error as Error).message}`);
      return undefined;
    }
  };
  const [certificate, key, trust] = [await read('tls.crt'), await read('tls.key'), await read('ca.crt')];
  return {
    ...(certificate !== undefined && { certificate }),
    ...(key !== undefined && { key: new Secret(key) }),
    ...(trust !== undefined && { trust }),
    ...(unreadable.length > 0 && { unreadable: unreadable.join('; ') }),
  };
}

async function textOf(path: string): Promise<string | undefined> {
  // A pipe would be waited for until somebody writes.
  const file = await absent(open(path, constants.O_RDONLY | constants.O_NONBLOCK), undefined);
  if (!file) return undefined;
  try {
    if (!(await file.stat()).isFile()) throw new Error('it is no file');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_BYTES + 1), 0, MOST_BYTES + 1, 0);
    if (bytesRead > MOST_BYTES) throw new Error(`it has more than ${MOST_BYTES} bytes`);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}

async function absent<T, U>(reading: Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await reading;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return otherwise;
    throw error;
  }
}
