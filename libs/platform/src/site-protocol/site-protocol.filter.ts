import { Catch } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { NatsContext } from '@nestjs/microservices';
import { of } from 'rxjs';
import type { Observable } from 'rxjs';
import type { ProtocolError } from '@caravan/events';
import type { Log } from '../logging/index.js';
import { protocolErrorOf } from './wire.js';

/** Everything that a site endpoint throws becomes an answer: a site is never left waiting, nor told what is none of its business. */
@Catch()
export class SiteProtocolFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): Observable<ProtocolError> {
    const refusal = protocolErrorOf(error);
    const { code, detail } = refusal.error;
    const about = { subject: host.switchToRpc().getContext<NatsContext>().getSubject(), code };
    if (code === 'service.internal') this.log.error({ ...about, err: error }, 'site request failed');
    else if (code.startsWith('request.')) this.log.warn(about, `site message refused: ${detail}`);
    else this.log.info(about, `site request refused: ${detail}`);
    return of(refusal);
  }
}
