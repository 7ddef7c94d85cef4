import type { AuthorityKind } from '@caravan/events';
import type { KeyKind } from '@caravan/pki';
import { z } from 'zod';

/** Which keys authorities get, by their kind; those that are not named get EC P-256. What was made with another key stays as it is. */
export type KeyKinds = Readonly<Partial<Record<AuthorityKind, KeyKind>>>;

const AUTHORITIES = ['root', 'management', 'backbone', 'infrastructure', 'network', 'claim', 'member'] as const;
const KEYS = ['ec-p256', 'ec-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096'] as const;

const isOf = <T extends string>(all: readonly T[], text: string): text is T =>
  (all as readonly string[]).includes(text);

/** `ec-p384` for all of them, or `root=rsa-4096,network=ec-p384` for some. */
export const keyKinds = () =>
  z
    .string()
    .transform((text, context): KeyKinds => {
      if (isOf(KEYS, text)) return Object.fromEntries(AUTHORITIES.map((kind) => [kind, text]));
      const kinds: Partial<Record<AuthorityKind, KeyKind>> = {};
      for (const part of text.split(',')) {
        const [kind = '', key = ''] = part.trim().split('=');
        if (isOf(AUTHORITIES, kind) && isOf(KEYS, key)) kinds[kind] = key;
        else {
          const message = `"${part}" is not <authority>=<key>: ${AUTHORITIES.join(', ')}; ${KEYS.join(', ')}`;
          context.addIssue({ code: 'custom', message });
        }
      }
      return kinds;
    })
    .optional()
    .describe('keys of new authorities: "ec-p384" for all, "root=rsa-4096,network=ec-p384" for some; default: ec-p256');
