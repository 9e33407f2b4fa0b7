import type { Field } from '../amqp/field-table.ts';

/** Equal texts for values that RabbitMQ takes as equal: the width of an integer does not count, its kind does. */
export function comparable(field: Field): string {
  switch (field.type) {
    case 'S':
    case 'x':
      return `b${Buffer.from(field.value).toString('hex')}`;
    case 'V':
      return 'v';
    case 't':
      return `t${field.value}`;
    case 'f':
    case 'd':
      return `f${field.value}`;
    case 'D':
      return `D${field.scale}/${field.unscaled}`;
    case 'A':
      return `A[${field.value.map(comparable).join()}]`;
    case 'F':
      return `F{${field.value.map(([name, value]) => `${JSON.stringify(name)}:${comparable(value)}`).join()}}`;
    default:
      return `i${field.value}`;
  }
}
