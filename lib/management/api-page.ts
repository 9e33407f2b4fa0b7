/** The document of the management API as a page: no script, a group a noun, what is taken and answered behind each path. */
import type { JsonSchema, OpenApiDocument, Operation } from './openapi.ts';
import { shapeText } from './shape-text.ts';

interface Row {
  method: string;
  path: string;
  operation: Operation;
}

export function apiPage({ info, paths, components }: OpenApiDocument): string {
  const inOrder = Object.entries(paths).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const rows = inOrder.flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Row => ({ method, path, operation })),
  );
  const groups = Map.groupBy(rows, ({ operation }) => operation.tags[0] as string);
  const named = new Set(Object.keys(components.schemas));
  return [
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>${escaped(info.title)}</title><link rel="icon" href="/icon.svg">`,
    `<style>${STYLE}</style>`,
    `<h1>${escaped(info.title)}</h1>`,
    `<p>The paths and answers of RabbitMQ ${escaped(info.version)}, with HTTP Basic. ${escaped(info.description)}`,
    ' For programs: <a href="/api-docs/openapi.json">OpenAPI 3.1</a>. <a href="/">Back to the console</a></p>',
    `<nav>${[...groups.keys(), 'shapes'].map((name) => `<a href="#${name}">${name}</a>`).join(' ')}</nav>`,
    ...[...groups].map(([name, members]) => group(name, members, named)),
    '<h2 id="shapes">shapes</h2>',
    ...Object.entries(components.schemas).map(
      ([name, schema]) => `<h3 id="${escaped(name)}">${escaped(name)}</h3>${shape(schema, named)}`,
    ),
    '</html>',
  ].join('\n');
}

const STYLE = [
  ':root{color-scheme:light dark}body{font:15px/1.5 system-ui;margin:2rem auto;max-width:64rem;padding:0 1rem}',
  'h2{margin:2rem 0 .5rem;text-transform:capitalize}nav{display:flex;flex-wrap:wrap;gap:.2rem .9rem}',
  'details{border-top:1px solid #8884;padding:.35rem 0}summary{cursor:pointer}summary small{opacity:.7;float:right}',
  'b{display:inline-block;min-width:4.5rem}pre{overflow:auto;background:#8881;padding:.6rem;border-radius:6px}',
  'p{margin:.5rem 0}',
].join('');

function group(name: string, rows: Row[], named: Set<string>): string {
  return `<h2 id="${name}">${name.replaceAll('-', ' ')}</h2>${rows.map((row) => operationText(row, named)).join('\n')}`;
}

function operationText({ method, path, operation }: Row, named: Set<string>): string {
  const { description, parameters, requestBody, responses } = operation;
  const asked = parameters.filter((parameter) => parameter.in === 'query');
  const answers = Object.entries(responses).map(([status, response]) => {
    const { content, description: says = '' } = response as {
      content?: { 'application/json': { schema: JsonSchema } };
      description?: string;
    };
    if (content) return `<p>${status}</p>${shape(content['application/json'].schema, named)}`;
    return says === '' ? '' : `<p>${status} ${escaped(says)}</p>`;
  });
  return [
    `<details><summary><b>${method.toUpperCase()}</b> <code>/api${escaped(path)}</code></summary>`,
    `<p>${escaped(description)}</p>`,
    ...asked.map((one) => `<p><code>?${escaped(one.name)}=</code> ${escaped(one.description ?? '')}</p>`),
    requestBody ? `<p>Takes</p>${shape(requestBody.content['application/json'].schema, named)}` : '',
    ...answers,
    '<p>4XX and 503: an <a href="#Error">Error</a></p></details>',
  ].join('');
}

/** The text of a schema with links to the shapes that it names. */
function shape(schema: JsonSchema, named: Set<string>): string {
  const text = escaped(shapeText(schema)).replaceAll(/(?<=(?:: |\| |\(|^))[A-Z]\w*/g, (name) =>
    named.has(name) ? `<a href="#${name}">${name}</a>` : name,
  );
  return `<pre>${text}</pre>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
