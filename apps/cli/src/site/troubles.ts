/** The first way to the management plane takes some looks: that it is not open yet is no trouble for so long. */
const OPENING_MS = 5_000;
const OPENING = 'management.away';

/** Whether a trouble of a site that joins is one that usually passes by itself, and has lasted for too short a time to be told. */
export const isTooSoon = (code: string, lastedMs: number): boolean => code === OPENING && lastedMs < OPENING_MS;
