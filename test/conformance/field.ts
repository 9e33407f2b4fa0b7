/** Values of tables, as tests write them. */
import type { Field } from '../../lib/amqp/field-table.ts';

export const text = (value: string): Field => ({ type: 'S', value });
