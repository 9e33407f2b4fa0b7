import * as z from 'zod';
import { jsonValue } from '../../operations/fields.ts';
import { jsonObject } from './json.ts';
import { patternProblem } from './pattern.ts';
import { anyNumber } from './sent-value.ts';

/** The broker checks the values, and says all that is wrong with them in RabbitMQ's words. */
export const policyPut = z.object({
  pattern: jsonValue.meta({ type: 'string' }),
  definition: jsonValue.meta({ type: 'object' }),
  'apply-to': jsonValue.optional().meta({ type: 'string' }),
  priority: anyNumber.optional(),
});

export const policyShape = z
  .strictObject({
    vhost: z.string(),
    name: z.string(),
    pattern: z.string(),
    'apply-to': z.string(),
    definition: jsonObject,
    priority: z.int(),
    pattern_problem: patternProblem,
  })
  .meta({ id: 'Policy' });

export type PolicyRow = z.output<typeof policyShape>;
