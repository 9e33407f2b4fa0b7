import * as z from 'zod';
import { HASHING_ALGORITHMS } from '../../users/hashing-algorithm.ts';
import { limits } from './json.ts';
import { flagOr, requiredText, tags, text, written } from './sent-value.ts';

/** Neither a password nor a hash: no login by password. */
export const userPut = z
  .object({
    tags: tags.optional(),
    /** The tag administrator as older tools write it. */
    administrator: flagOr(false).optional(),
    password: requiredText.optional(),
    password_hash: requiredText.optional(),
    hashing_algorithm: z
      .enum(HASHING_ALGORITHMS, { error: ({ input }) => `unknown hashing_algorithm ${written(input)}` })
      .nullish(),
  })
  .refine((user) => user.tags !== undefined || user.administrator !== undefined, 'tags_not_present')
  .refine(
    (user) => user.password === undefined || user.password_hash === undefined,
    'both_password_and_password_hash_are_provided',
  );

export const userNames = z.object({ users: z.array(text, { error: 'not_a_list' }) });

export const userShape = z
  .strictObject({
    name: z.string(),
    password_hash: z.string(),
    hashing_algorithm: z.enum(HASHING_ALGORITHMS),
    tags: z.array(z.string()),
    limits,
  })
  .meta({ id: 'User' });

export const ownUser = z.strictObject({
  name: z.string(),
  tags: z.array(z.string()),
  is_internal_user: z.boolean(),
});

export const hashedPassword = z.strictObject({ ok: z.string() });

export type UserRow = z.output<typeof userShape>;
