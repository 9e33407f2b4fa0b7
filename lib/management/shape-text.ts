/** A JSON schema as people read it: `{ name: string, policy?: string | null }`, a property a line. */
import type { JsonSchema } from './openapi.ts';

const INDENT = '  ';
/** What has no more to say than this is written on one line. */
const LINE_CHARS_MAX = 72;

export function shapeText(schema: JsonSchema, margin = ''): string {
  const { $ref, enum: values, const: value, anyOf, oneOf, allOf, type } = schema;
  if (typeof $ref === 'string') return $ref.slice($ref.lastIndexOf('/') + 1);
  if (value !== undefined) return JSON.stringify(value);
  if (Array.isArray(values)) return values.map((one) => JSON.stringify(one)).join(' | ');
  const choices = (anyOf ?? oneOf) as JsonSchema[] | undefined;
  if (choices) return unique(choices.map((one) => shapeText(one, margin))).join(' | ');
  if (allOf) return (allOf as JsonSchema[]).map((one) => shapeText(one, margin)).join(' & ');
  if (Array.isArray(type)) return unique(type.map((one) => shapeText({ ...schema, type: one }, margin))).join(' | ');
  if (type === 'array') return arrayText(schema.items as JsonSchema | undefined, margin);
  if (type === 'object') return objectText(schema, margin);
  if (typeof type !== 'string') return 'any';
  return type === 'string' && schema.format === 'date-time' ? 'time' : type;
}

function arrayText(items: JsonSchema | undefined, margin: string): string {
  const text = items === undefined ? 'any' : shapeText(items, margin);
  return text.includes(' | ') && !text.startsWith('{') ? `(${text})[]` : `${text}[]`;
}

function objectText(schema: JsonSchema, margin: string): string {
  const { properties = {}, required = [], additionalProperties } = schema;
  const inner = margin + INDENT;
  const lines = Object.entries(properties as Record<string, JsonSchema>).map(
    ([name, one]) => `${name}${(required as string[]).includes(name) ? '' : '?'}: ${shapeText(one, inner)}`,
  );
  if (
    typeof additionalProperties === 'object' &&
    additionalProperties !== null &&
    Object.keys(additionalProperties).length
  )
    lines.push(`[name]: ${shapeText(additionalProperties as JsonSchema, inner)}`);
  if (lines.length === 0) return 'object';
  const onOne = `{ ${lines.join(', ')} }`;
  if (onOne.length <= LINE_CHARS_MAX && !onOne.includes('\n')) return onOne;
  return `{\n${lines.map((line) => inner + line).join('\n')}\n${margin}}`;
}

function unique(texts: string[]): string[] {
  return [...new Set(texts)];
}
