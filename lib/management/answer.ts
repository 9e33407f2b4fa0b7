/** From a request to a response, for tools: HTTP Basic, RabbitMQ's tags, JSON. */
import { type Identity, STRANGER } from '../engine/actor.ts';
import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import { readJson } from '../json/read-json.ts';
import { writeJson } from '../json/write-json.ts';
import { currentLog, errorText } from '../log.ts';
import { roleRefusal } from '../operations/required-role.ts';
import { jsonAnswer } from '../web/json-answer.ts';
import { readBytes } from '../web/json-body.ts';
import { refuseDeepJson } from '../web/json-text.ts';
import { refuseOtherSites } from '../web/other-sites.ts';
import { type Access, type ApiRoute, BY_API, type Call, type Reply } from './api-route.ts';
import { findRoute } from './api-routes.ts';
import type { ManagementDesk } from './desk.ts';
import { badRequest, Failure, failureOf, notAuthorised, notFound } from './failure.ts';
import { refusalText } from './schema/refusal.ts';

/** A definitions file of some ten thousand queues. */
const BODY_BYTES_MAX = 32 * 1024 * 1024;
const HEADERS = {
  'cache-control': 'no-cache',
  vary: 'accept, accept-encoding, origin',
  'x-content-type-options': 'nosniff',
};
const REALM = 'Basic realm="RabbitMQ Management"';
const LOGIN_REQUIRED = 'Login required';

/** Answers a request; `path` is the part below /api, as it was sent. */
export async function answer(
  desk: ManagementDesk,
  request: Request,
  path: string,
  remoteAddress: string,
): Promise<Response> {
  let loggedPath = path;
  try {
    const { route, params } = findRoute(request.method === 'HEAD' ? 'GET' : request.method, path);
    // Of what the log says: in the path that was sent there may be a password.
    loggedPath = route.path;
    if (route.operation !== undefined) refuseOtherSites(request);
    const identity = await identityFor(desk, request, route.access, remoteAddress);
    const refusal = route.access === 'anyone' ? null : roleRefusal(identity, route.access);
    if (refusal !== null && route.operation === undefined) throw refusal;
    const call: Call = {
      desk,
      identity,
      params,
      actor: identity.user === '' ? STRANGER : { kind: 'api', user: identity.user },
      query: new URL(request.url).searchParams,
      body: undefined,
      reason: request.headers.get('x-reason') ?? undefined,
      remoteAddress,
    };
    const read = async (): Promise<Call> => {
      await requireVhost(call, route);
      return { ...call, body: await bodyOf(request, route) };
    };
    // The operation itself refuses who may not, so that the audit has it; whatever else is wrong is not said to them.
    const whole = await read().catch((error: unknown) => {
      throw refusal ?? error;
    });
    return await responseOf(request, await route.run(whole));
  } catch (error) {
    const failure = failureOf(error, request.method);
    if (failure.status === 500)
      currentLog()('error', `api: ${request.method} ${loggedPath} failed: ${errorText(error)}`);
    return refusalOf(request, failure);
  }
}

async function responseOf(request: Request, { status, body, headers }: Reply): Promise<Response> {
  if (body === undefined) return new Response(null, { status, headers: { ...HEADERS, ...headers } });
  return jsonAnswer(request, writeJson(body), { status, headers: { ...HEADERS, ...headers } });
}

function refusalOf(request: Request, { status, error, message, headers }: Failure): Promise<Response> {
  // As with RabbitMQ: who shows no password, or takes a method that is not there, gets no body.
  const isBare = status === 405 || message === LOGIN_REQUIRED;
  return responseOf(request, { status, headers, ...(!isBare && { body: { error, reason: message } }) });
}

async function identityFor(
  desk: ManagementDesk,
  request: Request,
  access: Access,
  remoteAddress: string,
): Promise<Identity> {
  const basic = /^basic\s+([A-Za-z0-9+/=_-]+)\s*$/i.exec(request.headers.get('authorization') ?? '');
  if (basic === null) {
    if (access === 'anyone') return { user: '', tags: [], vhosts: [] };
    throw new Failure(401, 'not_authorised', LOGIN_REQUIRED, { 'www-authenticate': REALM });
  }
  const text = Buffer.from(basic[1] as string, 'base64').toString();
  const colon = text.indexOf(':');
  const [user, password] = colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
  const identity = await desk.signIns.signIn({ user, password, address: remoteAddress }, BY_API, () =>
    desk.engine.authenticate(user, password, remoteAddress),
  );
  if (identity === 'wrong') throw new Failure(401, 'not_authorized', 'Not_Authorized', { 'www-authenticate': REALM });
  if (identity === 'too-many') {
    const reason = 'Too many wrong passwords from this address: wait a minute, then try again';
    throw new Failure(429, 'too_many_attempts', reason, { 'retry-after': '60' });
  }
  return identity;
}

async function requireVhost({ desk, actor, params }: Call, { access }: ApiRoute): Promise<void> {
  const { vhost } = params;
  if (vhost === undefined || access === 'anyone') return;
  if ((await desk.engine.listVhosts(actor)).includes(vhost)) return;
  await desk.engine.vhost(actor, vhost).catch((error: unknown) => {
    const failure = failureOf(error, 'GET');
    throw failure.status === 404 ? notFound() : notAuthorised('User not authorised to access virtual host');
  });
  throw notAuthorised('User not authorised to access virtual host');
}

async function bodyOf(request: Request, { body: schema }: ApiRoute): Promise<unknown> {
  if (schema === undefined) return undefined;
  const { data, error } = schema.safeParse(await readBody(request), { reportInput: true });
  if (error !== undefined) throw badRequest(refusalText(error));
  return data;
}

/** Whatever the content type says: tools say all kinds of things. */
async function readBody(request: Request): Promise<object> {
  const bytes = await readBytes(request, BODY_BYTES_MAX);
  const text = await textOf(bytes, request.headers.get('content-type') ?? '');
  if (['', 'null', 'undefined'].includes(text.trim())) return {};
  refuseDeepJson(text);
  let body: JsonValue;
  try {
    body = readJson(text);
  } catch {
    throw badRequest('not_json');
  }
  if (body === null) return {};
  if (!isJsonObject(body)) throw badRequest('not_json');
  return body;
}

/** Definitions may come as a browser uploads them: as the field `file` of a form. */
async function textOf(body: Buffer, contentType: string): Promise<string> {
  if (!/^multipart\/form-data/i.test(contentType)) return body.toString();
  const headers = { 'content-type': contentType };
  const form = await new Response(new Uint8Array(body), { headers }).formData().catch(() => null);
  const file = form?.get('file') ?? null;
  if (file === null) throw badRequest('the form has no field "file"');
  return typeof file === 'string' ? file : file.text();
}
