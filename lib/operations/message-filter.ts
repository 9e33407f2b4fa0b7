/** The messages that are looked for, as a query says it: a field left out or empty holds for all. */
import * as z from 'zod';
import type { MessageFilter } from '../engine/messages.ts';
import { DEATH_REASONS } from '../figures/death-reason.ts';

const TEXT_MAX = 1_000;

const text = z.string().max(TEXT_MAX).default('');

/** For the input of a route. `headerValue` says nothing without `header`. */
export const filterInput = {
  containing: text,
  key: text,
  header: text,
  headerValue: text,
  reason: z.enum(['', ...DEATH_REASONS]).default(''),
};

type FilterQuery = z.infer<z.ZodObject<typeof filterInput>>;

/** Undefined: all messages. The rest of the input comes back as it was. */
export function filterFrom<T extends FilterQuery>(
  input: T,
): { filter: MessageFilter | undefined; rest: Omit<T, keyof FilterQuery> } {
  const { containing, key, header, headerValue, reason, ...rest } = input;
  const filter: MessageFilter = {
    ...(containing === '' ? {} : { containing }),
    ...(key === '' ? {} : { routingKey: key }),
    ...(header === '' ? {} : { header: { name: header, ...(headerValue === '' ? {} : { value: headerValue }) } }),
    ...(reason === '' ? {} : { deathReason: reason }),
  };
  return { filter: Object.keys(filter).length === 0 ? undefined : filter, rest };
}
