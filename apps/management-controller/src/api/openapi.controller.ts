import { Controller, Get } from '@nestjs/common';
import { API_BASE_PATH, apiRoutes, openApiDocument } from '@caravan/api';
import { VERSION } from '../version.js';

const document = openApiDocument({ title: 'Caravan', version: VERSION, basePath: API_BASE_PATH }, apiRoutes);

@Controller('/api')
export class OpenApiController {
  @Get('openapi.json')
  document() {
    return document;
  }
}
