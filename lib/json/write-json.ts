import { floatText } from './float-text.ts';

/** Node has it since release 21; the types of TypeScript do not. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/** JSON text of plain data, in which each JsonValue has its exact number: 5.0 for a float, all digits of an integer. */
export function writeJson(value: unknown): string {
  return JSON.stringify(value, exactNumber);
}

function exactNumber(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return rawJSON(value.toString());
  return value instanceof Number ? rawJSON(floatText(value.valueOf())) : value;
}
