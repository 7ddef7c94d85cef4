/**
 * How the processes of a site end. `refused`: joining was refused for ever. The others are those of sysexits.h: 70 something
 * failed that nobody foresaw, 75 another process has the directory, 78 the directory, its key or its file are wrong.
 */
export const EXIT = { done: 0, refused: 3, failed: 70, tryLater: 75, configuration: 78 } as const;

/** Starting again does not help. */
export const isFinal = (code: number | null): code is 3 | 78 => code === EXIT.refused || code === EXIT.configuration;
