import type { Log } from '@caravan/log-lines';

export { lineLog as createLog } from '@caravan/log-lines';
export type { Log } from '@caravan/log-lines';

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
