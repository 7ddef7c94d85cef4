import { Controller, Get, Header } from '@nestjs/common';
import { API_BASE_PATH, apiRoutes, openApiDocument } from '@caravan/api';
import { VERSION } from '../version.js';

const document = openApiDocument({ title: 'Caravan', version: VERSION, basePath: API_BASE_PATH }, apiRoutes);

/** The page beside it is Swagger UI, served as static files; this starts it on our document. */
const START = `window.onload = () => {
  window.ui = SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#swagger-ui', deepLinking: true });
};`;

@Controller('/api')
export class OpenApiController {
  @Get('openapi.json')
  document() {
    return document;
  }

  @Get('docs/swagger-initializer.js')
  @Header('content-type', 'text/javascript')
  start() {
    return START;
  }
}
