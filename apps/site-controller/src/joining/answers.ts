import { nameSchema, siteDetailsSchema } from '@caravan/events';
import { z } from 'zod';
import { SiteDirectoryError } from '../site-directory/index.js';

/** What whoever starts a site answers to what its invitation asks. */
export const answersSchema = z.strictObject({
  /** What the site is called. */
  name: nameSchema.exactOptional(),
  details: siteDetailsSchema.exactOptional(),
});
export type Answers = z.infer<typeof answersSchema>;

/**
 * As the supervisor's environment has them: `{"name":"paris","details":{"contact":"Ada"}}`. Undefined: nothing was answered.
 * @throws SiteDirectoryError `site-directory.bad-option`
 */
export function readAnswers(text: string | undefined): Answers | undefined {
  if (!text) return undefined;
  const answers = answersSchema.safeParse(parsed(text));
  if (answers.success) return answers.data;
  const { path = [], message = '' } = answers.error.issues[0] ?? {};
  const what = `SITE_ANSWERS is not what a site can say of itself (${path.map(String).join('.')}: ${message}).`;
  throw new SiteDirectoryError(
    'site-directory.bad-option',
    `${what} Expected: {"name": "paris", "details": {"contact": "Ada"}}`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
