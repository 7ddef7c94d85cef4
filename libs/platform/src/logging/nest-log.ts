import type { LoggerService } from '@nestjs/common';
import type { Log } from './log.js';

/** What the framework tells about its own start: of use to us, not to operators. */
const FRAMEWORK = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestMicroservice',
  'NestApplication',
]);

/** Nest's own messages in our log. Our code logs through `Log` itself. */
export class NestLog implements LoggerService {
  constructor(private readonly to: Log) {}

  log(message: unknown, ...rest: unknown[]): void {
    const context = contextOf(rest);
    this.to[FRAMEWORK.has(context ?? '') ? 'debug' : 'info']({ context }, textOf(message));
  }

  /** Nest passes an error, or a message with the stack behind it. */
  error(message: unknown, ...rest: unknown[]): void {
    const context = contextOf(rest);
    if (message instanceof Error) return this.to.error({ context, err: message }, message.message);
    const stack = rest.length > 1 && typeof rest[0] === 'string' ? rest[0] : undefined;
    this.to.error({ context, stack }, textOf(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.to.warn({ context: contextOf(rest) }, textOf(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.to.debug({ context: contextOf(rest) }, textOf(message));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.to.trace({ context: contextOf(rest) }, textOf(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.to.fatal({ context: contextOf(rest) }, textOf(message));
  }
}

const contextOf = (rest: unknown[]): string | undefined => {
  const last = rest.at(-1);
  return typeof last === 'string' ? last : undefined;
};

const textOf = (message: unknown): string => (typeof message === 'string' ? message : (JSON.stringify(message) ?? ''));
