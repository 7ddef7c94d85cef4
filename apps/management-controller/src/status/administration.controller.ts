import { Controller } from '@nestjs/common';
import { rebuildProjections } from '@caravan/api';
import { Rejection } from '@caravan/event-store';
import { Handle } from '../api/handle.js';
import { ProjectionHost } from '@caravan/platform';

const PATIENCE_MS = 600_000;

@Controller()
export class AdministrationController {
  constructor(private readonly projections: ProjectionHost) {}

  @Handle(rebuildProjections)
  async rebuild() {
    const start = performance.now();
    try {
      await this.projections.rebuild(AbortSignal.timeout(PATIENCE_MS));
    } catch (error) {
      throw new Rejection('projection.halted', { detail: (error as Error).message });
    }
    return { position: this.projections.position(), ms: Math.round(performance.now() - start) };
  }
}
