/** What queries of several routes share. */
import * as z from 'zod';

/** A number in a query string. */
export const queryInteger = (min: number, max: number, otherwise: number) =>
  z.coerce.number<number>().int().min(min).max(max).default(otherwise);

export const noQuery = z.object({});
