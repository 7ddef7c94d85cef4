import { Catch } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { NatsContext } from '@nestjs/microservices';
import { of } from 'rxjs';
import type { Observable } from 'rxjs';
import type { ProtocolError } from '@caravan/events';
import { PeerLog } from '../logging/index.js';
import type { Log } from '../logging/index.js';
import { protocolErrorOf } from './wire.js';

/** Everything that a site endpoint throws becomes an answer: a site is never left waiting, nor told what is none of its business. */
@Catch()
export class SiteProtocolFilter implements ExceptionFilter {
  readonly #peerLog: PeerLog;

  constructor(log: Log) {
    this.#peerLog = new PeerLog(log);
  }

  catch(error: unknown, host: ArgumentsHost): Observable<ProtocolError> {
    const refusal = protocolErrorOf(error);
    const { code, detail } = refusal.error;
    const about = { subject: host.switchToRpc().getContext<NatsContext>().getSubject() };
    if (code === 'service.internal') this.#peerLog.error(code, { ...about, err: error }, 'site request failed');
    else if (/^(request|csr)\./.test(code)) this.#peerLog.warn(code, about, `site message refused: ${detail}`);
    else this.#peerLog.info(code, about, `site request refused: ${detail}`);
    return of(refusal);
  }
}
