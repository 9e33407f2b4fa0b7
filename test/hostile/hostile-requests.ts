/** Requests to both HTTP APIs as bytes: made up from what each route takes, and then changed. The same dice give the same. */
import * as z from 'zod';
import { ROUTES } from '../../lib/console/routes.ts';
import { API_ROUTES } from '../../lib/management/api-routes.ts';
import { openApi } from '../../lib/management/openapi.ts';
import type { Dice } from '../conformance/differential/dice.ts';
import { SANDBOX_NAMES } from '../conformance/sandbox.ts';
import { anyText, type Schema, schemaValue } from './schema-value.ts';

export interface HostileRequest {
  bytes: Buffer;
  /** For people. */
  text: string;
  /** No whole request any more: no answer is one too. */
  isMutated: boolean;
  /** The password that is shown may be wrong, and so shut the address that it comes from. */
  mayGuess: boolean;
}

/** The credentials of who asks, as lines of the head. */
export interface Credentials {
  management: readonly string[];
  console: readonly string[];
}

interface Operation {
  method: string;
  /** With `{name}` for what is to be filled in. */
  path: string;
  query: readonly string[];
  input: Schema | null;
  isConsole: boolean;
}

/** Signing out would end the attack; a stream does not end by itself. */
const LEFT_OUT = new Set(['DELETE /console-api/session', 'DELETE /console-api/sessions', 'GET /console-api/events']);

const OPERATIONS: readonly Operation[] = [...managementOperations(), ...consoleOperations()].filter(
  ({ method, path }) => !LEFT_OUT.has(`${method} ${path}`),
);

function managementOperations(): Operation[] {
  return Object.entries(openApi(API_ROUTES, '4').paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters, requestBody }]) => ({
      method: method.toUpperCase(),
      path: `/api${path}`,
      query: parameters.filter((one) => one.in === 'query').map(({ name }) => name),
      input: (requestBody?.content['application/json'].schema as Schema | undefined) ?? null,
      isConsole: false,
    })),
  );
}

function consoleOperations(): Operation[] {
  return ROUTES.map(({ method, path, input }) => {
    const schema = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as Schema;
    const isGet = method === 'GET';
    return {
      method,
      path: `/console-api${path}`,
      query: isGet ? Object.keys((schema.properties ?? {}) as object) : [],
      input: isGet ? null : schema,
      isConsole: true,
    };
  });
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'TRACE'];
const SEGMENTS = [
  '%',
  '%F',
  '%FF',
  '%C0%80',
  '%00',
  '%2F',
  '%2e%2e',
  '..',
  '.',
  '',
  '50%off',
  '%u0041',
  '~',
  '%0d%0a',
  '%ED%A0%80',
];
const HEADERS = [
  'X-Forwarded-For: 127.0.0.1',
  'Forwarded: for="[::1]"',
  'X-Warren-Peer: 127.0.0.1',
  'Accept-Encoding: gzip, br;q=0, *;q=abc',
  'Content-Encoding: gzip',
  'Transfer-Encoding: chunked',
  'Origin: http://elsewhere.example',
  'Cookie: warren_session=%; a=b; =; warren_session',
  'Authorization: Basic %%%',
  `Authorization: Basic ${'A'.repeat(5_000)}`,
  'Content-Type: text/plain',
  'Content-Length: 5',
  'Range: bytes=0-1',
  'If-None-Match: *',
  'Expect: 100-continue',
  `X-Long: ${'x'.repeat(10_000)}`,
  'Host: elsewhere.example',
  'Upgrade: websocket',
];
const BODIES = [
  '',
  'null',
  '{',
  '[]',
  '"',
  '\0',
  '\ufeff{}',
  '{"a":'.repeat(5_000),
  '['.repeat(50_000),
  '{}{}',
  '{"a":1,"a":2}',
  '\u{1f600}',
];

/** Headers that promise what does not come. */
const PROMISES = /^(Transfer-Encoding|Content-Length|Expect|Upgrade):/;

export function hostileRequest(dice: Dice, credentials: Credentials): HostileRequest {
  const operation = dice.one(OPERATIONS);
  const method = dice.number(30) === 0 ? dice.one(METHODS) : operation.method;
  const path = filled(dice, operation) + search(dice, operation);
  const body = bodyOf(dice, operation);
  const own = operation.isConsole ? credentials.console : credentials.management;
  const extra = dice.number(8) === 0 ? [dice.one(HEADERS)] : [];
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: close',
    ...(dice.number(20) === 0 ? [] : own),
    ...(body.length > 0 ? ['Content-Type: application/json', `Content-Length: ${body.length}`] : []),
    ...extra,
  ];
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  const bytes = Buffer.concat([head, body]);
  const isChanged = dice.number(6) === 0;
  if (isChanged)
    for (let i = dice.number(4); i >= 0; i--) {
      // The last bytes of the head and all of the body are worth more than a method that is none.
      const at = dice.chance(30) ? dice.number(bytes.length) : dice.number(Math.min(bytes.length, head.length + 100));
      bytes[at] = dice.chance(30) ? dice.one([0, 0x0a, 0x0d, 0x20, 0x25, 0x2f, 0x7f, 0x80, 0xff]) : dice.number(256);
    }
  return {
    bytes,
    text: `${method} ${path} ${body.toString('utf8', 0, 200)}`,
    isMutated: isChanged || extra.some((line) => PROMISES.test(line)),
    mayGuess: isChanged || extra.some((line) => line.startsWith('Authorization:')) || isSignIn(operation),
  };
}

function isSignIn({ method, path }: Operation): boolean {
  return method === 'POST' && path === '/console-api/session';
}

function filled(dice: Dice, { path }: Operation): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (dice.number(8) === 0) return dice.one(SEGMENTS);
    if (dice.number(6) === 0) return encoded(anyText(dice));
    return encoded(name === 'vhost' ? 'own' : (SANDBOX_NAMES[name] ?? 'thing'));
  });
}

function search(dice: Dice, { query }: Operation): string {
  const names = query.filter(() => dice.chance(50));
  if (dice.number(15) === 0) names.push('nothing');
  const pairs = names.map((name) => {
    const value = dice.number(3) === 0 ? dice.one(['own', 'thing', 'queue', 'totals', '1', '50']) : anyText(dice);
    return `${name}=${dice.number(12) === 0 ? dice.one(SEGMENTS) : encoded(value)}`;
  });
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** Text that no encoder takes goes as it would be written by somebody who does not care. */
function encoded(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : '%ED%A0%80';
}

function bodyOf(dice: Dice, { input }: Operation): Buffer {
  if (input === null) return Buffer.alloc(0);
  if (dice.number(15) === 0) return Buffer.from(dice.one(BODIES));
  return Buffer.from(JSON.stringify(schemaValue(dice, input)) ?? '');
}
