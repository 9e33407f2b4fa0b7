/** The management API described as OpenAPI 3.1, made from the table: what is not in it is not served. */
import { type Access, type Entry, takesBody } from './entry.ts';

interface OpenApiDocument {
  openapi: '3.1.0';
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  paths: Record<string, Record<string, object>>;
  components: object;
}

const WHO: Record<Access, string> = {
  anyone: 'For anyone, without signing in.',
  management: 'For users with any management tag.',
  policymaker: 'For users with the tag policymaker or administrator.',
  monitoring: 'For users with the tag monitoring or administrator.',
  administrator: 'For administrators.',
};

const ERROR = { $ref: '#/components/responses/Error' };

/** `version` is that of the RabbitMQ whose API this is. */
export function openApi(entries: readonly Entry[], version: string): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {};
  for (const entry of entries) {
    const path = entry.path.replaceAll(/:(\w+)/g, '{$1}');
    const methods = paths[path] ?? {};
    methods[entry.method.toLowerCase()] = operation(entry, path);
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
        Error: {
          description: 'Refused',
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['error', 'reason'],
                properties: { error: { type: 'string' }, reason: { type: 'string' } },
              },
            },
          },
        },
      },
    },
  };
}

function operation(entry: Entry, shown: string): object {
  const { method, path, access, action } = entry;
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);
  return {
    operationId: `${method.toLowerCase()} ${shown}`,
    tags: [path.split('/')[1]],
    description: WHO[access] + (action === undefined ? '' : ` Kept in the audit log as ${action}.`),
    security: access === 'anyone' ? [] : [{ basic: [] }],
    parameters: names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...(takesBody(entry) && { requestBody: { content: { 'application/json': { schema: { type: 'object' } } } } }),
    responses: { '2XX': { description: 'Done' }, '4XX': ERROR, '503': ERROR },
  };
}

/** The same as a plain page. */
export function apiPage({ info, paths }: OpenApiDocument): string {
  const rows = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const { description } = operation as { description: string };
      return `<tr><td>${method.toUpperCase()}</td><td><code>/api${escaped(path)}</code></td><td>${escaped(description)}</td></tr>`;
    }),
  );
  return [
    '<!doctype html><html lang="en"><meta charset="utf-8">',
    `<title>${escaped(info.title)}</title>`,
    '<style>:root{color-scheme:light dark}body{font:15px system-ui;margin:2rem}td{padding:.2rem 1rem .2rem 0}</style>',
    `<h1>${escaped(info.title)}</h1>`,
    `<p>The paths and answers of RabbitMQ ${escaped(info.version)}, with HTTP Basic. <a href="/api-docs/openapi.json">OpenAPI 3.1</a></p>`,
    `<table>${rows.join('\n')}</table></html>`,
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
