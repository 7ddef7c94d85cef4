import { map } from 'rxjs';
import type { Observable } from 'rxjs';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { POSITION_HEADER } from '@caravan/api';
import { readCallOf } from './handle.js';
import { Written } from './written.js';

/** Lets in what is as its route declares it, and puts the position of the answer where clients look for it. */
export class WrittenInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    readCallOf(context);
    const response = context.switchToHttp().getResponse<{ setHeader(name: string, value: string): void }>();
    return next.handle().pipe(
      map((answer: unknown) => {
        if (!(answer instanceof Written)) return answer;
        response.setHeader(POSITION_HEADER, String(answer.position));
        return answer.reply as unknown;
      }),
    );
  }
}
