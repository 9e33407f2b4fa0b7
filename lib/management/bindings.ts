import { createHash } from 'node:crypto';
import type * as z from 'zod';
import type { BindingInfo } from '../engine/bindings.ts';
import { EngineError } from '../engine/errors.ts';
import { jsonTable } from '../fields/json-table.ts';
import { writeJson } from '../json/write-json.ts';
import { bind, unbind } from '../operations/bindings.ts';
import { type ApiRoute, acting, type Call, param } from './api-route.ts';
import { exchangeParam } from './exchanges.ts';
import { asCommand } from './failure.ts';
import { listing, single } from './listing.ts';
import { type BindingRow, bindingShape, newBinding } from './schema/binding.ts';
import { columnsQuery, listOf, listQuery } from './schema/list.ts';

/**
 * What names a binding between its two ends: "~" for an empty key without arguments, else the key in percent signs, and
 * with arguments a hash of them behind a "~".
 */
function propertiesKey({ routingKey, arguments: args }: Pick<BindingInfo, 'routingKey' | 'arguments'>): string {
  const key = encodeURIComponent(routingKey).replaceAll('~', '%7E');
  if (args.length === 0) return key === '' ? '~' : key;
  return `${key}~${createHash('sha256').update(JSON.stringify(args)).digest('base64url').slice(0, 22)}`;
}

function bindingRow(binding: BindingInfo): BindingRow {
  return {
    source: binding.source,
    vhost: binding.vhost,
    destination: binding.destination,
    destination_type: binding.destinationType,
    routing_key: binding.routingKey,
    arguments: jsonTable(binding.arguments),
    properties_key: propertiesKey(binding),
  };
}

/** Every queue is bound to the default exchange by its name. */
function implicit(vhost: string, queue: string): BindingInfo {
  return { vhost, source: '', destinationType: 'queue', destination: queue, routingKey: queue, arguments: [] };
}

async function all(call: Call): Promise<BindingInfo[]> {
  const { facts } = call.desk;
  const { vhost } = call.params;
  const inVhost = (thing: { vhost: string }): boolean => vhost === undefined || thing.vhost === vhost;
  const queues = (await facts.listQueueKeys(call.actor, null, vhost)).flatMap((group) =>
    group.names.map((name) => implicit(group.vhost, name)),
  );
  const bindings = (await facts.listBindings(call.actor)).filter(inVhost);
  return [...queues, ...bindings];
}

/** The two ends that a path names: /bindings/:vhost/e/:source/(q or e)/:destination. */
function ends(call: Call, destinationType: 'queue' | 'exchange') {
  const destination = destinationType === 'queue' ? param(call, 'destination') : exchangeParam(call, 'destination');
  return { vhost: param(call, 'vhost'), source: exchangeParam(call, 'source'), destinationType, destination };
}

function bindingOf(call: Call<z.output<typeof newBinding>>, destinationType: 'queue' | 'exchange'): BindingInfo {
  const { routing_key: routingKey, arguments: args } = call.body;
  return { ...ends(call, destinationType), routingKey, arguments: args };
}

async function between(call: Call, destinationType: 'queue' | 'exchange'): Promise<BindingInfo[]> {
  const { vhost, source, destination } = ends(call, destinationType);
  const { engine } = call.desk;
  await engine.exchange(call.actor, vhost, source);
  const { rows } = await engine.bindings(call.actor, { vhost, of: { destinationType, destination } });
  const all = destinationType === 'queue' ? [implicit(vhost, destination), ...rows] : rows;
  return all.filter((binding) => binding.source === source);
}

/** As far as the path says it: what arguments a key stands for only the broker knows. */
function bindingByPath(call: Call, destinationType: 'queue' | 'exchange'): BindingInfo {
  const routingKey = decodeURIComponent(param(call, 'props').replace(/~.*$/, ''));
  return { ...ends(call, destinationType), routingKey, arguments: [] };
}

async function one(call: Call, destinationType: 'queue' | 'exchange'): Promise<BindingInfo> {
  const sent = param(call, 'props');
  const decoded = decodeURIComponent(sent);
  const candidates = await between(call, destinationType);
  const byKey = (isWanted: (key: string) => boolean) => candidates.find((one) => isWanted(propertiesKey(one)));
  // As it was listed, with or without percent signs of its own; else in other signs that mean the same.
  const found =
    byKey((key) => key === sent) ??
    byKey((key) => key === decoded) ??
    byKey((key) => decoded !== '~' && decodeURIComponent(key) === decoded);
  if (found === undefined) throw new EngineError('NOT_FOUND', `no binding '${decoded}' there`);
  return found;
}

const LIST = listOf(bindingShape);

function routesFor(letter: 'q' | 'e', destinationType: 'queue' | 'exchange'): ApiRoute[] {
  const path = `/bindings/:vhost/e/:source/${letter}/:destination`;
  return [
    {
      method: 'GET',
      path,
      access: 'management',
      query: listQuery,
      answer: LIST,
      run: async (call) => listing(call, await between(call, destinationType), bindingRow),
    },
    acting({
      method: 'POST',
      path,
      operation: bind,
      body: newBinding,
      input: (call) => bindingOf(call, destinationType),
      async reply(_output, call) {
        const binding = bindingOf(call, destinationType);
        const found = (await between(call, destinationType)).find(
          (other) =>
            other.routingKey === binding.routingKey &&
            writeJson(jsonTable(other.arguments)) === writeJson(jsonTable(binding.arguments)),
        );
        const key = propertiesKey(found ?? binding);
        // Relative to the request's own path, as RabbitMQ has it.
        const location = `${encodeURIComponent(param(call, 'destination'))}/${key}`;
        return { status: 201, headers: { location } };
      },
      refused: asCommand,
    }),
    {
      method: 'GET',
      path: `${path}/:props`,
      access: 'management',
      query: columnsQuery,
      answer: bindingShape,
      run: async (call) => single(call, bindingRow(await one(call, destinationType))),
    },
    acting({
      method: 'DELETE',
      path: `${path}/:props`,
      operation: unbind,
      input: (call) => bindingByPath(call, destinationType),
      lookUp: (call) => one(call, destinationType),
      refused: asCommand,
    }),
  ];
}

export const bindingRoutes: ApiRoute[] = [
  {
    method: 'GET',
    path: '/bindings',
    access: 'management',
    query: listQuery,
    answer: LIST,
    run: async (call) => listing(call, await all(call), bindingRow),
  },
  {
    method: 'GET',
    path: '/bindings/:vhost',
    access: 'management',
    query: listQuery,
    answer: LIST,
    run: async (call) => listing(call, await all(call), bindingRow),
  },
  ...routesFor('q', 'queue'),
  ...routesFor('e', 'exchange'),
  {
    method: 'GET',
    path: '/queues/:vhost/:name/bindings',
    access: 'management',
    query: listQuery,
    answer: LIST,
    async run(call) {
      const [vhost, name] = [param(call, 'vhost'), param(call, 'name')];
      const of = { destinationType: 'queue', destination: name } as const;
      const { rows } = await call.desk.engine.bindings(call.actor, { vhost, of });
      return listing(call, [implicit(vhost, name), ...rows], bindingRow);
    },
  },
  {
    method: 'GET',
    path: '/exchanges/:vhost/:name/bindings/source',
    access: 'management',
    query: listQuery,
    answer: LIST,
    async run(call) {
      const source = exchangeParam(call);
      const question = { vhost: param(call, 'vhost'), of: { source } };
      const { rows } = await call.desk.engine.bindings(call.actor, question);
      const bindings = source === '' ? (await all(call)).filter((binding) => binding.source === '') : rows;
      return listing(call, bindings, bindingRow);
    },
  },
  {
    method: 'GET',
    path: '/exchanges/:vhost/:name/bindings/destination',
    access: 'management',
    query: listQuery,
    answer: LIST,
    async run(call) {
      const of = { destinationType: 'exchange', destination: exchangeParam(call) } as const;
      const { rows } = await call.desk.engine.bindings(call.actor, { vhost: param(call, 'vhost'), of });
      return listing(call, rows, bindingRow);
    },
  },
];
