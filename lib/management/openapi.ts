/** The management API described as OpenAPI 3.1, made from the table: what is not in it is not served. */

import * as z from 'zod';
import type { Access, ApiRoute } from './api-route.ts';
import { unhealthy } from './schema/health.ts';
import { error } from './schema/refusal.ts';

export type JsonSchema = Record<string, unknown>;

export interface Operation {
  operationId: string;
  tags: string[];
  description: string;
  security: object[];
  parameters: { name: string; in: 'path' | 'query'; required: boolean; description?: string; schema: JsonSchema }[];
  requestBody?: { required: boolean; content: { 'application/json': { schema: JsonSchema } } };
  responses: Record<string, object>;
}

export interface OpenApiDocument {
  openapi: '3.1.0';
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { securitySchemes: object; schemas: Record<string, JsonSchema>; responses: Record<string, object> };
}

const WHO: Record<Access, string> = {
  anyone: 'For anyone, without signing in.',
  management: 'For users with any management tag.',
  policymaker: 'For users with the tag policymaker or administrator.',
  monitoring: 'For users with the tag monitoring or administrator.',
  administrator: 'For administrators.',
};

const ERROR = { $ref: '#/components/responses/Error' };
const SCHEMAS = '#/components/schemas/';

/** `version` is that of the RabbitMQ whose API this is. */
export function openApi(routes: readonly ApiRoute[], version: string): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {};
  const schemas = new Schemas();
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    const methods = paths[path] ?? {};
    methods[route.method.toLowerCase()] = operation(route, path, schemas);
    paths[path] = methods;
  }
  return {
    openapi: '3.1.0',
    info: { title: 'RabbitMQ management API of Warren', version, description: 'Names in paths are percent-encoded.' },
    servers: [{ url: '/api' }],
    paths,
    components: {
      securitySchemes: { basic: { type: 'http', scheme: 'basic' } },
      responses: {
        Error: { description: 'Refused', ...json(schemas.of(error, 'output')) },
        Unavailable: {
          description: 'A check that fails, or a broker that cannot answer',
          ...json(schemas.of(z.union([unhealthy, error]), 'output')),
        },
      },
      schemas: schemas.named,
    },
  };
}

/** Schemas as JSON; those with a name are gathered, and referred to where they are used. */
class Schemas {
  readonly named: Record<string, JsonSchema> = {};

  of(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const made = z.toJSONSchema(schema, { io, unrepresentable: 'any', override: withoutBounds });
    const {
      $schema: _,
      $defs,
      ...rest
    } = JSON.parse(JSON.stringify(made).replaceAll('"#/$defs/', `"${SCHEMAS}`)) as JsonSchema & {
      $defs?: Record<string, JsonSchema>;
    };
    // A schema that has a name itself is written out where it is the whole.
    const { id, ...body } = rest;
    for (const [name, one] of Object.entries({ ...$defs, ...(typeof id === 'string' && { [id]: body }) })) {
      const { id: _id, ...named } = one;
      this.named[name] = named;
    }
    return typeof id === 'string' ? { $ref: SCHEMAS + id } : body;
  }
}

/** Every integer is one that a double can hold: that need not be said of each. */
function withoutBounds({ jsonSchema }: { jsonSchema: JsonSchema }): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}

function json(schema: JsonSchema) {
  return { content: { 'application/json': { schema } } };
}

function operation(route: ApiRoute, shown: string, schemas: Schemas): Operation {
  const { method, path, access, operation: performed, body, query } = route;
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name as string);
  const asked = query === undefined ? {} : (schemas.of(query, 'input').properties as Record<string, JsonSchema>);
  return {
    operationId: `${method.toLowerCase()} ${shown}`,
    tags: [path.split('/')[1] as string],
    description: WHO[access] + (performed === undefined ? '' : ` Kept in the audit log as ${performed.action}.`),
    security: access === 'anyone' ? [] : [{ basic: [] }],
    parameters: [
      ...names.map((name) => ({ name, in: 'path' as const, required: true, schema: { type: 'string' } })),
      ...Object.entries(asked).map(([name, { description, ...schema }]) => ({
        ...{ name, in: 'query' as const, required: false, schema },
        description: String(description),
      })),
    ],
    ...(body !== undefined && { requestBody: requestBody(body, schemas) }),
    responses: { ...done(route, schemas), '4XX': ERROR, '503': { $ref: '#/components/responses/Unavailable' } },
  };
}

function requestBody(body: z.ZodType, schemas: Schemas): Operation['requestBody'] {
  // Nothing is read as {}, which is enough where nothing is required.
  return { required: !body.safeParse({}).success, ...json(schemas.of(body, 'input')) };
}

function done({ method, path, answer }: ApiRoute, schemas: Schemas): Record<string, object> {
  if (answer !== undefined) return { '200': { description: 'Done', ...json(schemas.of(answer, 'output')) } };
  const created = { description: 'It was made' };
  if (method === 'PUT') return { '201': created, '204': { description: 'It was there, and is now as it was put' } };
  if (method !== 'POST' || !path.startsWith('/bindings/')) return { '204': { description: 'Done' } };
  const headers = { location: { description: 'Relative to this path', schema: { type: 'string' } } };
  return { '201': { ...created, headers } };
}
