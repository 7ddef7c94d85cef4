import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { NatsContext } from '@nestjs/microservices';
import { subjectId } from '@caravan/events';
import { z } from 'zod';
import { parsed, valid } from '../http/index.js';

/** `@Message(claimRequestSchema) request: ClaimRequest`: the message as its schema has it; else the site is told what is wrong. */
export const Message = (schema: z.ZodType): ParameterDecorator => Payload(valid(schema));

const id = z.object({ id: z.uuid() });

/**
 * `@SubjectId() siteId: string`: who asks. The server lets a site use its own subject only, so this is proven, and the
 * payload's word for it is not.
 */
export const SubjectId: () => ParameterDecorator = createParamDecorator(
  (_: unknown, context: ExecutionContext): string => {
    const subject = context.switchToRpc().getContext<NatsContext>().getSubject();
    return parsed(id, { id: subjectId(subject) }).id;
  },
);
