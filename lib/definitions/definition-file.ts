/**
 * A file of definitions as text: RabbitMQ's JSON, or YAML as people write it. Both have the same lists with the same
 * names; what is left out has RabbitMQ's defaults.
 */
import { parse as parseYaml, YAMLError } from 'yaml';
import type { DefinitionImport } from '../engine/definitions.ts';
import { EngineError } from '../engine/errors.ts';
import { EXPORTED, FieldError, tableOfJson } from '../fields/json-table.ts';
import type { TypedTable } from '../fields/typed-field.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import { readJson } from '../json/read-json.ts';
import { JsonError } from '../json/scan-json.ts';
import { DEFAULT_HASHING_ALGORITHM, isHashingAlgorithm } from '../users/hashing-algorithm.ts';
import { type Fields, readList, wrong } from './entry-reader.ts';
import { jsonOfYaml } from './yaml-value.ts';

/** The most errors that are shown; whoever has mended these gets the next ones. */
const ERRORS_MAX = 20;
const LISTS = [
  'users',
  'vhosts',
  'permissions',
  'topic_permissions',
  'parameters',
  'global_parameters',
  'policies',
  'exchanges',
  'queues',
  'bindings',
];
const QUEUE_TYPES: readonly string[] = ['classic', 'quorum', 'stream'];

export interface ReadOptions {
  /** Everything goes into this vhost; users, vhosts and what users may are left out. */
  vhost?: string;
}

/**
 * Throws INVALID_REQUEST: a line for each entry that is not what it should be, with its name. A byte order mark counts for
 * nothing to either reader.
 */
export function readDefinitions(text: string, options: ReadOptions = {}): DefinitionImport {
  const isJson = /^\s*[{[]/.test(text);
  try {
    return definitionsOf(isJson ? jsonOf(text) : yamlOf(text), { ...options, isYaml: !isJson });
  } catch (error) {
    if (error instanceof RangeError) return refuse('the definitions are nested too deep');
    throw error;
  }
}

/** The definitions of a JSON document that has been read. */
export function definitionsOfDocument(document: JsonValue, options: ReadOptions = {}): DefinitionImport {
  return definitionsOf(document, { ...options, isYaml: false });
}

function jsonOf(text: string): JsonValue {
  try {
    return readJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return refuse(`the definitions are no JSON: ${error.message}`);
  }
}

function yamlOf(text: string): JsonValue {
  try {
    // The core schema: no dates, no tags, nothing that JSON could not say.
    const options = { schema: 'core', intAsBigInt: true, prettyErrors: true, maxAliasCount: 100 } as const;
    return jsonOfYaml(parseYaml(text, options));
  } catch (error) {
    const isOfText = error instanceof YAMLError || error instanceof ReferenceError || error instanceof JsonError;
    if (!isOfText) throw error;
    return refuse(`the definitions are no YAML: ${error.message.split('\n')[0]?.replace(/:$/, '')}`);
  }
}

function definitionsOf(document: JsonValue, { vhost: only, isYaml }: ReadOptions & { isYaml: boolean }) {
  if (!isJsonObject(document)) return refuse('the definitions must be an object with lists such as queues');
  const errors: string[] = [];
  if (isYaml) {
    // Whoever writes by hand mistypes; documents of brokers may have fields of later releases.
    const unknown = Object.keys(document).filter((key) => !LISTS.includes(key));
    for (const key of unknown) errors.push(`${key}: is no list of definitions; there are ${LISTS.join(', ')}`);
  }
  const vhostOf = (fields: Fields): string => only ?? fields.text('vhost', isYaml ? '/' : undefined);
  const list = <T>(name: string, read: (fields: Fields) => T | undefined, nameOf?: (fields: Fields) => string) =>
    readList(document, name, errors, read, nameOf);
  const ofAll = <T>(name: string, read: (fields: Fields) => T, nameOf?: (fields: Fields) => string) =>
    only === undefined ? list(name, read, nameOf) : [];
  const userName = (fields: Fields): string => String(fields.value('user') ?? '');
  const oldHashes = hasOldHashes(document);
  const result: DefinitionImport = {
    users: ofAll('users', (fields) => userOf(fields, oldHashes)),
    vhosts: ofAll('vhosts', vhostEntryOf),
    permissions: ofAll(
      'permissions',
      (fields) => ({
        user: fields.text('user'),
        vhost: vhostOf(fields),
        configure: fields.text('configure', isYaml ? '' : undefined),
        write: fields.text('write', isYaml ? '' : undefined),
        read: fields.text('read', isYaml ? '' : undefined),
      }),
      userName,
    ),
    topicPermissions: ofAll(
      'topic_permissions',
      (fields) => ({
        user: fields.text('user'),
        vhost: vhostOf(fields),
        exchange: fields.text('exchange'),
        write: fields.text('write'),
        read: fields.text('read'),
      }),
      userName,
    ),
    parameters: list('parameters', (fields) => ({
      component: fields.text('component'),
      vhost: vhostOf(fields),
      name: fields.text('name'),
      value: fields.any('value'),
    })),
    globalParameters: ofAll('global_parameters', (fields) => ({
      name: fields.text('name'),
      value: fields.any('value'),
    })),
    policies: list('policies', (fields) => policyOf(fields, vhostOf(fields))),
    exchanges: list('exchanges', (fields) => ({
      vhost: vhostOf(fields),
      name: fields.shortText('name'),
      type: fields.text('type', isYaml ? 'direct' : undefined),
      durable: fields.flag('durable', true),
      autoDelete: fields.flag('auto_delete', false),
      internal: fields.flag('internal', false),
      arguments: argumentsOf(fields),
    })),
    queues: list('queues', (fields) => ({
      vhost: vhostOf(fields),
      name: fields.shortText('name'),
      durable: fields.flag('durable', true),
      autoDelete: fields.flag('auto_delete', false),
      arguments: queueArgumentsOf(fields),
    })),
    bindings: list(
      'bindings',
      (fields) => ({
        vhost: vhostOf(fields),
        source: fields.shortText('source'),
        destinationType: destinationTypeOf(fields),
        destination: fields.shortText('destination'),
        routingKey: fields.shortText('routing_key', ''),
        arguments: argumentsOf(fields),
      }),
      (fields) => `${fields.value('source') ?? ''} -> ${fields.value('destination') ?? ''}`,
    ),
  };
  if (errors.length > ERRORS_MAX) errors.splice(ERRORS_MAX, errors.length, `and ${errors.length - ERRORS_MAX} more`);
  return errors.length > 0 ? refuse(errors.join('\n')) : result;
}

function userOf(fields: Fields, oldHashes: boolean) {
  const password = fields.optionalText('password');
  const passwordHash = fields.optionalText('password_hash');
  const algorithm = fields.text(
    'hashing_algorithm',
    oldHashes ? 'rabbit_password_hashing_md5' : DEFAULT_HASHING_ALGORITHM,
  );
  if (!isHashingAlgorithm(algorithm)) wrong(`hashing_algorithm '${algorithm}' is not known`);
  if (passwordHash && Buffer.from(passwordHash, 'base64').toString('base64') !== passwordHash)
    wrong('password_hash must be base64');
  const limits = fields.optionalObject('limits');
  return {
    name: fields.text('name'),
    tags: fields.optionalTags('tags') ?? [],
    hashingAlgorithm: algorithm,
    ...(password !== undefined && { password }),
    ...(passwordHash !== undefined && { passwordHash }),
    ...(limits && { limits }),
  };
}

/** Releases before 3.6 knew MD5 only, and did not say so. */
function hasOldHashes({ rabbit_version, rabbitmq_version }: JsonObject): boolean {
  const version = rabbitmq_version ?? rabbit_version;
  return typeof version === 'string' && /^([0-2]|3\.[0-5])\./.test(version);
}

function vhostEntryOf(fields: Fields) {
  const metadata = fields.optionalObject('metadata') ?? {};
  const text = (name: string): string | undefined => {
    const value = fields.value(name) ?? metadata[name];
    if (value === undefined || value === null) return undefined;
    return typeof value === 'string' ? value : wrong(`${name} must be a text`);
  };
  const description = text('description');
  const type = text('default_queue_type');
  const tags = fields.optionalTags('tags');
  const isProtected = fields.optionalFlag('protected_from_deletion') ?? metadata.protected_from_deletion;
  const tracing = fields.optionalFlag('tracing');
  const limits = fields.optionalObject('limits');
  return {
    name: fields.text('name'),
    ...(description !== undefined && { description }),
    ...(tags !== undefined && { tags }),
    // RabbitMQ writes what an absent one is to Erlang.
    ...(type !== undefined && type !== 'undefined' && { defaultQueueType: type.replace(/^rabbit_(\w+)_queue$/, '$1') }),
    ...(typeof isProtected === 'boolean' && { protectedFromDeletion: isProtected }),
    ...(tracing !== undefined && { tracing }),
    ...(limits && { limits }),
  };
}

/** Mirroring is gone since 4.0: its keys are left out, and a policy that has no other ones is too. */
function policyOf(fields: Fields, vhost: string) {
  const input = fields.any('definition');
  const isMirroring = (key: string): boolean => key.startsWith('ha-');
  const entries = isJsonObject(input) ? Object.entries(input) : [];
  if (entries.length > 0 && entries.every(([key]) => isMirroring(key))) return undefined;
  const definition = isJsonObject(input) ? Object.fromEntries(entries.filter(([key]) => !isMirroring(key))) : input;
  const applyTo = fields.value('apply-to');
  const priority = fields.value('priority');
  return {
    vhost,
    name: fields.text('name'),
    pattern: fields.any('pattern'),
    definition,
    ...(applyTo !== undefined && { applyTo }),
    ...(priority !== undefined && { priority }),
  };
}

function argumentsOf(fields: Fields): TypedTable {
  return tableOf(fields.object('arguments'));
}

function tableOf(object: JsonObject): TypedTable {
  try {
    return tableOfJson(object, EXPORTED);
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    return wrong(`arguments: ${error.message}`);
  }
}

/** `type` beside the arguments says the same as x-queue-type among them. */
function queueArgumentsOf(fields: Fields): TypedTable {
  const type = fields.optionalText('type');
  const table = fields.object('arguments');
  if (type === undefined || type === 'undefined') return tableOf(table);
  if (!QUEUE_TYPES.includes(type)) wrong(`type '${type}' is none of ${QUEUE_TYPES.join(', ')}`);
  const named = table['x-queue-type'];
  if (named !== undefined && named !== type) wrong(`type is '${type}', but x-queue-type is '${named}'`);
  return tableOf({ ...table, 'x-queue-type': type });
}

function destinationTypeOf(fields: Fields): 'queue' | 'exchange' {
  const type = fields.text('destination_type', 'queue');
  return type === 'queue' || type === 'exchange'
    ? type
    : wrong(`destination_type '${type}' is neither queue nor exchange`);
}

function refuse(text: string): never {
  throw new EngineError('INVALID_REQUEST', text);
}
