/** Values made up from a JSON schema: what it allows, what it nearly allows, and what it does not. */
import type { Dice } from '../conformance/differential/dice.ts';

export type Schema = Record<string, unknown>;

const DEPTH_MAX = 4;
const TEXTS = [
  ...[
    'own',
    'thing',
    'amq.topic',
    'q',
    '',
    '/',
    '~',
    '.',
    '..',
    '.*',
    '(',
    '#',
    'true',
    '0',
    '-1',
    '1e9',
    'classic',
    'quorum',
  ],
  ...[
    'fanout',
    'topic',
    'a/b',
    'ü',
    '\0',
    '\ud800',
    '__proto__',
    'constructor',
    'x'.repeat(300),
    'ack_requeue_true',
    'base64',
  ],
  ...[
    "'; drop table queues",
    '<script>',
    '%2F',
    '$&',
    '\n',
    '9'.repeat(400),
    '2020-01-01T00:00:00Z',
    'victim',
    'administrator',
  ],
];
const NUMBERS = [
  0,
  -0,
  1,
  -1,
  2,
  5,
  100,
  255,
  256,
  65_536,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  -(2 ** 53),
  0.5,
  1e21,
  1e308,
  -1e308,
];
/** Texts of numbers that no number of JavaScript is. */
const RAW = ['1e400', '-0', '18446744073709551616', '1.10', '123456789012345678901234567890', '1E+2'];

export function schemaValue(dice: Dice, schema: Schema, root: Schema = schema, depth = 0): unknown {
  if (dice.number(40) === 0) return anything(dice, depth);
  if (typeof schema.$ref === 'string') return schemaValue(dice, referred(schema.$ref, root), root, depth + 1);
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return dice.one(schema.enum);
  const variants = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
  if (variants) return schemaValue(dice, dice.one(variants), root, depth);
  if (Array.isArray(schema.allOf)) {
    const parts = (schema.allOf as Schema[]).map((part) => schemaValue(dice, part, root, depth));
    return parts.every((part) => typeof part === 'object') ? Object.assign({}, ...parts) : parts[0];
  }
  const type = Array.isArray(schema.type) ? dice.one(schema.type) : schema.type;
  if (type === 'string') return dice.one(TEXTS);
  if (type === 'integer' || type === 'number') return number(dice, schema);
  if (type === 'boolean') return dice.chance(50);
  if (type === 'null') return null;
  if (type === 'array') {
    const count = depth > DEPTH_MAX ? 0 : dice.number(4);
    return Array.from({ length: count }, () => schemaValue(dice, (schema.items ?? {}) as Schema, root, depth + 1));
  }
  if (type === 'object') return object(dice, schema, root, depth);
  return anything(dice, depth);
}

function number(dice: Dice, schema: Schema): number {
  const { minimum = 0, maximum = 100 } = schema as { minimum?: number; maximum?: number };
  return dice.one([minimum, maximum, minimum - 1, maximum + 1, dice.number(20), dice.one(NUMBERS)]);
}

function object(dice: Dice, schema: Schema, root: Schema, depth: number): unknown {
  const properties = (schema.properties ?? {}) as Record<string, Schema>;
  const required = (schema.required ?? []) as string[];
  const made: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(properties))
    if (dice.chance(required.includes(name) ? 95 : 50)) made[name] = schemaValue(dice, one, root, depth + 1);
  if (Object.keys(properties).length === 0 && depth <= DEPTH_MAX)
    for (let i = dice.number(4); i > 0; i--) made[dice.one(TEXTS)] = anything(dice, depth + 1);
  return made;
}

function referred(ref: string, root: Schema): Schema {
  let found: unknown = root;
  for (const name of ref.split('/').slice(1)) found = (found as Schema)[name];
  return found as Schema;
}

/** A value of any type. */
function anything(dice: Dice, depth: number): unknown {
  switch (dice.number(depth > DEPTH_MAX ? 5 : 7)) {
    case 0:
      return dice.chance(50);
    case 1:
    case 2:
      return dice.one(TEXTS);
    case 3:
      return dice.chance(70) ? dice.one(NUMBERS) : rawJson(dice.one(RAW));
    case 4:
      return null;
    case 5:
      return Array.from({ length: dice.number(4) }, () => anything(dice, depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: dice.number(4) }, () => [dice.one(TEXTS), anything(dice, depth + 1)]),
      );
  }
}

function rawJson(text: string): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);
}

export function anyText(dice: Dice): string {
  return dice.one(TEXTS);
}
