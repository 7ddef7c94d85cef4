import { z } from 'zod';
import type { Route } from '../route.js';
import * as endpoints from './endpoints.js';
import * as observed from './observed.js';
import * as state from './state.js';

export * from './endpoints.js';
export * from './input-files.js';
export * from './join-url.js';
export * from './observed.js';
export * from './state.js';

/** The local API of one site, on loopback. Its document is at `/site/v1/openapi.json`. */
export const SITE_API_BASE_PATH = '/site/v1';

/** `api.json` in a site's directory: how a program on the same machine, with the same rights, reaches the local API. */
export const siteApiFileSchema = z.strictObject({
  /** Base URL: `http://127.0.0.1:40123/site/v1`. */
  url: z.string(),
  /** The file with the bearer token. */
  tokenFile: z.string(),
  pid: z.int(),
});
export type SiteApiFile = z.infer<typeof siteApiFileSchema>;

const isRoute = (value: unknown): value is Route =>
  typeof value === 'object' && value !== null && 'method' in value && 'path' in value;

/** Every route of the local API. */
export const siteRoutes: readonly Route[] = [state, observed, endpoints].flatMap((room) =>
  Object.values(room as Record<string, unknown>).filter(isRoute),
);
