import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { createApp } from '@caravan/platform';

const PAGE = '/api/docs/';
const swaggerUi = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** Starts Swagger UI on our document instead of its example. */
const START = `window.onload = () => {
  window.ui = SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#swagger-ui', deepLinking: true });
};`;

interface Response {
  type(mediaType: string): Response;
  send(body: string): void;
}

/** Serves the API's page. Before `app.init()`, after which Nest says 404 to every path that no controller knows. */
export function serveDocsPage(app: Awaited<ReturnType<typeof createApp>>): void {
  app.use(`${PAGE}swagger-initializer.js`, (_: unknown, response: Response) => {
    response.type('text/javascript').send(START);
  });
  app.useStaticAssets(swaggerUi, { prefix: PAGE });
}
