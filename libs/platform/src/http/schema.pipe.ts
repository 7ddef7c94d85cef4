import { Injectable } from '@nestjs/common';
import type { PipeTransform } from '@nestjs/common';
import { Rejection } from '@caravan/event-store';
import type { z } from 'zod';

const MOST_ISSUES = 10;
/** In characters: what is wrong may be a name of a hundred thousand, or ten thousand names, and is not said back. */
const MOST_OF_A_PLACE = 100;
const MOST_OF_A_REASON = 200;

/** The value as the schema has it. Throws Rejection `request.invalid` with what is wrong where. */
export function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, MOST_ISSUES).map(({ path, message }) => ({
    path: shortened(path.map(String).join('.'), MOST_OF_A_PLACE),
    message: shortened(message, MOST_OF_A_REASON),
  }));
  const detail = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  throw new Rejection('request.invalid', { detail, issues });
}

const shortened = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most)}…` : text);

/** `@Body(valid(schema)) body: Wanted`, `@Query(valid(schema))`, `@Param(valid(schema))`. */
export const valid = <T>(schema: z.ZodType<T>): PipeTransform<unknown, T> => new SchemaPipe(schema);

@Injectable()
class SchemaPipe<T> implements PipeTransform<unknown, T> {
  constructor(private readonly schema: z.ZodType<T>) {}

  transform(value: unknown): T {
    return parsed(this.schema, value);
  }
}
