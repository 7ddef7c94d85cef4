// Runs before anything else, also on a Node that is too old: plain syntax only.

export const OLDEST_NODE = [20, 19];

/** Whether `version` (as in `process.versions.node`) is new enough. */
export function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
}

/** The line that says what is wrong and what to do. */
export function tooOld(version) {
  return `Caravan needs Node ${OLDEST_NODE.join('.')} or newer, and this is ${version}. Install a newer Node and try again.`;
}
