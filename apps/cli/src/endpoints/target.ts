import { usageError } from '../failures/cli-error.js';

export interface Target {
  readonly host?: string;
  readonly port: number;
}

const TARGET = /^(?:(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]\s]+))?:)?(\d{1,5})$/;

/** `9000`, `db.internal:5432` or `[::1]:9000`. Without a host it is this machine. Throws `cli.bad-target`. */
export const readTarget = (text: string): Target => {
  const [, v6, host, digits] = TARGET.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port < 1 || port > 65535) {
    throw usageError('cli.bad-target', `"${text}" is neither a port nor a host and port.`, [
      '9000',
      'db.internal:5432',
      '[::1]:9000',
    ]);
  }
  const named = v6 ?? host;
  return named === undefined ? { port } : { host: named, port };
};
