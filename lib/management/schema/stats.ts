/** Figures with their rates, as `publish: 3, publish_details: {rate: 0.4}`. */
import * as z from 'zod';

/** Newest first; `timestamp` in milliseconds since 1970. */
const sample = z.strictObject({ sample: z.number(), timestamp: z.int() });

/** `rate` is per second; the rest is there where the query asks for samples. */
export const details = z
  .strictObject({
    rate: z.number(),
    samples: z.array(sample).optional(),
    avg_rate: z.number().optional(),
    avg: z.number().optional(),
  })
  .meta({ id: 'Details' });

export type Details = z.output<typeof details>;

type Counted<N extends string> = { [K in N]: z.ZodNumber } & { [K in `${N}_details`]: typeof details };

/** The two fields that each figure has. */
export function counted<const N extends string>(names: readonly N[]): Counted<N> {
  return Object.fromEntries(
    names.flatMap((name) => [
      [name, z.number()],
      [`${name}_details`, details],
    ]),
  ) as Counted<N>;
}

/** What channels count. Figures of publishing are there after the first publish, the others after the first delivery. */
export const messageStats = z
  .strictObject(
    counted([
      ...(['publish', 'confirm', 'return_unroutable', 'drop_unroutable', 'deliver', 'deliver_no_ack'] as const),
      ...(['get', 'get_no_ack', 'get_empty', 'ack', 'redeliver', 'deliver_get'] as const),
    ]),
  )
  .partial()
  .meta({ id: 'MessageStats' });

export type MessageStats = z.output<typeof messageStats>;
