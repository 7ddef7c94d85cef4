import { Injectable } from '@nestjs/common';
import type { PipeTransform } from '@nestjs/common';
import { Rejection } from '@caravan/event-store';
import type { z } from 'zod';

const MAX_ISSUES = 10;

/** The value as the schema has it. Throws Rejection `request.invalid` with what is wrong where. */
export function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues
    .slice(0, MAX_ISSUES)
    .map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  const detail = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  throw new Rejection('request.invalid', { detail, issues });
}

/** `@Body(valid(schema)) body: Wanted`, `@Query(valid(schema))`, `@Param(valid(schema))`. */
export const valid = <T>(schema: z.ZodType<T>): PipeTransform<unknown, T> => new SchemaPipe(schema);

@Injectable()
class SchemaPipe<T> implements PipeTransform<unknown, T> {
  constructor(private readonly schema: z.ZodType<T>) {}

  transform(value: unknown): T {
    return parsed(this.schema, value);
  }
}
