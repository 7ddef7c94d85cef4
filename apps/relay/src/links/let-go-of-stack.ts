/**
 * Until its stack is read, V8 remembers of an error who was on it. Of the error that ends a session that is Node's own half of
 * the session: when the other end broke the protocol and never acknowledged the settings, about one in six is kept for ever,
 * some 40 KiB (Node 20). fuzzing/finding.int.spec.ts counts them.
 */
export const letGoOfStack = (error: Error): void => void error.stack;
