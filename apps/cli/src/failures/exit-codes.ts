/** What the exit code of `caravan` says. Scripts rely on it; a code is never given another meaning. */
export const EXIT = {
  ok: 0,
  /** The server understood and said no, or what was named does not exist. */
  refused: 1,
  /** The command line was wrong, or not clear; nothing was changed. */
  usage: 2,
  /** A site was refused: its invitation or bundle is worth nothing to it. */
  joinRefused: 3,
  /** Nothing answered. */
  unreachable: 4,
  /** Something of the installation, or the site that was asked about, is not as it should be. */
  degraded: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const exitCodeTable: readonly (readonly [ExitCode, string])[] = [
  [EXIT.ok, 'done'],
  [EXIT.refused, 'refused by the server, or not found'],
  [EXIT.usage, 'wrong or unclear command line; nothing was changed'],
  [EXIT.joinRefused, 'the site was refused'],
  [EXIT.unreachable, 'nothing answered'],
  [EXIT.degraded, 'the installation, or the site, is not as it should be'],
  [EXIT.interrupted, 'interrupted'],
];
