import { ProjectionHost } from '@caravan/platform';
import type { ProjectionHostOptions } from '@caravan/platform';
import { projections } from './projections.js';

/** Keeps the read models up with the log. */
export const readModelsHost = (of: Pick<ProjectionHostOptions, 'nc' | 'pool' | 'service'>): ProjectionHost =>
  new ProjectionHost({
    ...of,
    name: 'read models',
    projections,
    without: ({ kind }, position) =>
      kind === 'log'
        ? `Lists show what was true at ${position}`
        : `Lists show what was true at ${position}; what is written since is safe, and will show`,
  });
