/** Requests made up from the API's own document: what its schemas allow, what they nearly allow, and junk. */
import fc from 'fast-check';
import type { OpenApiDocument } from '../../lib/management/openapi.ts';
import { SANDBOX_NAMES } from './sandbox.ts';

type Schema = Record<string, unknown>;
type Operation = OpenApiDocument['paths'][string][string];

export interface AnyRequest {
  /** Below /api, with its query. */
  path: string;
  /** A text is sent as it is. */
  body: unknown;
}

/** No `/` alone: the vhost of the other tests is not the fuzz's to delete, and neither is the user that asks. */
const anyName = fc.oneof(
  fc.constantFrom(
    'nothing',
    'amq.default',
    'amq.topic',
    '~',
    '%',
    '%2F',
    'a/b',
    'ü',
    '\0',
    '__proto__',
    '1',
    '-1',
    'x'.repeat(300),
  ),
  fc.string({ unit: 'binary' }).filter((name) => name !== 'guest' && name !== '/'),
);

const anyText = fc.oneof(
  fc.constantFrom('true', 'false', '', 'thing', '1', '0', '-1', '1e9', '(', '^(a+)+$', '\0'),
  fc.string(),
);

export function anyRequest(path: string, { parameters, requestBody }: Operation): fc.Arbitrary<AnyRequest> {
  const names = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
  const asked = parameters.filter((one) => one.in === 'query').map(({ name }) => name);
  const segments = names.map((name) =>
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(name === 'vhost' ? 'own' : (SANDBOX_NAMES[name] ?? 'thing')) },
      anyName,
    ),
  );
  const query = fc.dictionary(fc.constantFrom(...asked, 'nothing'), anyText, { maxKeys: 4 });
  const schema = requestBody?.content['application/json'].schema;
  const body = schema === undefined ? fc.constant(undefined) : anyBody(schema);
  return fc.tuple(fc.tuple(...segments), query, body).map(([filled, search, content]) => {
    const real = names.reduce(
      (made, name, i) => made.replace(`{${name}}`, encodeURIComponent(filled[i] as string)),
      path,
    );
    return { path: `${real}?${new URLSearchParams(search)}`, body: content };
  });
}

function anyBody(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 4, arbitrary: valid(schema) },
    // One field of it is anything at all.
    {
      weight: 4,
      arbitrary: fc
        .tuple(valid(schema), fc.constantFrom('nothing', ...Object.keys(properties(schema))), anyJson)
        .map(([made, name, value]) => ({ ...(made as object), [name]: value })),
    },
    anyJson,
    fc.constantFrom('', 'null', '{', '[]', '"', '\0', '{"a":'.repeat(5_000), '['.repeat(50_000)),
  );
}

const anyJson = fc.jsonValue({ maxDepth: 3 });
const properties = (schema: Schema): Record<string, Schema> => (schema.properties ?? {}) as Record<string, Schema>;

/** Values that the schema allows; schemas of requests refer to nothing. */
function valid(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...(schema.enum as unknown[]));
  if (schema.anyOf !== undefined) return fc.oneof(...(schema.anyOf as Schema[]).map(valid));
  const types = [schema.type ?? ['string', 'integer', 'boolean', 'object']].flat();
  return fc.oneof(...types.map((type) => ofType(String(type), schema)));
}

function ofType(type: string, schema: Schema): fc.Arbitrary<unknown> {
  switch (type) {
    case 'string':
      return fc.oneof(fc.constantFrom('thing', '.*', 'a', 'fanout', 'string', '1'), fc.string());
    case 'integer':
    case 'number':
      return fc.oneof(fc.integer({ min: -2, max: 5 }), fc.maxSafeInteger());
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(valid((schema.items ?? {}) as Schema), { maxLength: 3 });
    default:
      return anyObject(schema);
  }
}

function anyObject(schema: Schema): fc.Arbitrary<unknown> {
  const made = Object.entries(properties(schema)).map(([name, one]) => [name, valid(one)] as const);
  if (made.length > 0)
    return fc.record(Object.fromEntries(made), { requiredKeys: (schema.required ?? []) as string[] });
  return fc.dictionary(
    fc.oneof(fc.constantFrom('x-max-length', 'x-message-ttl', 'x-queue-type', 'max-length', 'ttl'), fc.string()),
    fc.oneof(fc.integer(), fc.constantFrom('quorum', 'stream', 'classic'), anyJson),
    { maxKeys: 4 },
  );
}
