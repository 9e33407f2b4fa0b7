/** Bindings, each with the key that its location ends with. */
import * as z from 'zod';
import { jsonObject } from './json.ts';
import { table, textOr } from './sent-value.ts';

export const newBinding = z.object({ routing_key: textOr(''), arguments: table.prefault({}) });

export const bindingShape = z
  .strictObject({
    source: z.string(),
    vhost: z.string(),
    destination: z.string(),
    destination_type: z.enum(['queue', 'exchange']),
    routing_key: z.string(),
    arguments: jsonObject,
    properties_key: z.string(),
  })
  .meta({ id: 'Binding' });

export type BindingRow = z.output<typeof bindingShape>;
