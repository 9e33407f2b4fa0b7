/** Declaring again what exists: fine when it asks for the same, else PRECONDITION_FAILED that names the difference. */
import { type Field, type FieldTable, findField } from '../amqp/field-table.ts';
import { FIELD_TYPE_NAMES, isIntegerType } from '../amqp/field-type.ts';
import { AmqpError } from '../amqp/reply-code.ts';
import { comparable } from './comparable-field.ts';
import { fieldText } from './erlang-text.ts';

export function checkEquivalent(
  arg: string,
  received: string | boolean,
  current: string | boolean,
  where: string,
): void {
  if (received === current) return;
  throw new AmqpError(
    'PRECONDITION_FAILED',
    `inequivalent arg '${arg}' for ${where}: received '${received}' but current is '${current}'`,
  );
}

/** Compares the arguments named in `keys`, in their order. */
export function checkEquivalentArguments(
  keys: readonly string[],
  received: FieldTable,
  current: FieldTable,
  where: string,
): void {
  for (const key of keys) {
    const asked = findField(received, key);
    const kept = findField(current, key);
    if (asked === undefined && kept === undefined) continue;
    const head = `inequivalent arg '${key}' for ${where}: `;
    if (asked === undefined || kept === undefined) {
      const text =
        asked === undefined
          ? `received none but current is ${described(kept as Field)}`
          : `received ${described(asked)} but current is none`;
      throw new AmqpError('PRECONDITION_FAILED', head + text);
    }
    if (!sameValue(asked, kept)) {
      const received = asked.type === 'V' ? 'none' : `'${fieldText(asked)}'`;
      throw new AmqpError('PRECONDITION_FAILED', `${head}received ${received} but current is '${fieldText(kept)}'`);
    }
  }
}

/** Integers of all widths are of one kind, timestamps among them. */
function sameValue(a: Field, b: Field): boolean {
  const isOneKind = a.type === b.type || (isIntegerType(a.type) && isIntegerType(b.type));
  return isOneKind && comparable(a) === comparable(b);
}

function described(field: Field): string {
  return `the value '${fieldText(field)}' of type '${FIELD_TYPE_NAMES[field.type]}'`;
}
