/**
 * Paths as they were sent. A name may be "..", or hold "//": a URL's parser takes that for a way through folders, and Next
 * answers it with a redirect; what cannot be decoded ends in Next with a bare 500. Such a path is put into a header before
 * anything parses it, and another stands in for it, so that the door it was sent to can answer in its own form.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { innerHeader } from './inner-header.ts';

/** Where paths are read as they were sent. */
const DOOR = /^\/(?:api|console-api|metrics)(?=\/)/;
/** Any path below a door that Next brings there. */
const STAND_IN = '/as-sent';
/** The page for addresses that cannot be read. */
const MALFORMED_PAGE = '/malformed-address';
/** No page: Next says so. */
const NO_PAGE = '/no-such-page';
/** Of a page's path. Two names of 255 bytes fit in any spelling; Next would answer a longer one with a redirect that clients refuse. */
const PAGE_PATH_MAX = 4_096;
/** Segments "." and ".." in any spelling, empty ones, one at the end too, and slashes and backslashes that a parser might decode into such. */
const UNSAFE = /\/(?:\.|%2e){1,2}(?:\/|$)|\/\/|(?:%2f){2}|\\|%5c|[^/]\/$/i;
/** The absolute form of a target, as proxies may send it [RFC 9112, 3.2.2]; the header Host names the host too. */
const ABSOLUTE = /^https?:\/\/[^/?#]*/i;

/** What stands in for a target. */
export interface Shelter {
  url: string;
  /** The path that the stand-in stands for, below its door; null: a page's, which is not or cannot be read. */
  path: string | null;
}

/** Undefined: the target may stay as it is. */
export function shelter(target: string): Shelter | undefined {
  const isAbsolute = ABSOLUTE.test(target);
  const url = isAbsolute ? target.replace(ABSOLUTE, '').replace(/^(?!\/)/, '/') : target;
  const [path = ''] = url.split(/[?#]/, 1);
  const [door] = DOOR.exec(path) ?? [];
  if (door === undefined) {
    if (!path.startsWith('/') || isMalformed(path)) return { url: MALFORMED_PAGE, path: null };
    if (path.length > PAGE_PATH_MAX) return { url: NO_PAGE, path: null };
    return isAbsolute ? { url, path } : undefined;
  }
  const isSheltered = path.length > door.length + 1 && (UNSAFE.test(path) || isMalformed(path));
  if (isSheltered) return { url: door + STAND_IN + url.slice(path.length), path: path.slice(door.length) };
  return isAbsolute ? { url, path: path.slice(door.length) } : undefined;
}

/** Call before anything else looks at the request. */
export function shelterPath(request: IncomingMessage, response: ServerResponse): void {
  const sheltered = shelter(request.url ?? '');
  if (sheltered === undefined) return;
  request.url = sheltered.url;
  if (sheltered.path !== null) request.headers[innerHeader('path')] = sheltered.path;
  else if (sheltered.url === MALFORMED_PAGE) holdStatus(response, 400);
}

/** A page of Next cannot say of itself that it is a refusal. */
function holdStatus(response: ServerResponse, status: number): void {
  Object.defineProperty(response, 'statusCode', { get: () => status, set: () => {} });
}

/** The path below the door `at`, such as '/api', percent signs and all; "%2F" is a vhost's name, not two segments. */
export function sentPath(request: { url: string; headers: Pick<Headers, 'get'> }, at: string): string {
  return request.headers.get(innerHeader('path')) ?? new URL(request.url).pathname.slice(at.length);
}

/** True of a path whose percent signs stand for no text in UTF-8. */
export function isMalformed(path: string): boolean {
  try {
    decodeURIComponent(path);
    return false;
  } catch {
    return true;
  }
}
