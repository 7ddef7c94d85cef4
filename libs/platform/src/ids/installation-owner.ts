import { derivedId } from './derived-id.js';

/** Whose authorities root and management are: the id of the stream of their rotations. */
export const installationOwnerId = (installation: string): string => derivedId('installation', installation);
