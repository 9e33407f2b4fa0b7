/** Values of tables, as tests write them. */
import type { Field } from '../../lib/amqp/field-table.ts';

export const text = (value: string): Field => ({ type: 'S', value });
export const number = (value: number): Field => ({ type: 'I', value });
export const list = (...values: string[]): Field => ({ type: 'A', value: values.map(text) });
