/**
 * Paths of the management API as they were sent. A name may be "..", or hold "//": a URL's parser takes that for a way through
 * folders, and Next answers it with a redirect. Such a path is put into a header before anything parses it, and another stands in for it.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

const HEADER = 'x-warren-path';
/** Any path that Next brings to the door of the API. */
const STAND_IN = '/api/as-sent';
/** Segments "." and ".." in any spelling, empty ones, one at the end too, and slashes and backslashes that a parser might decode into such. */
const UNSAFE = /\/(?:\.|%2e){1,2}(?:\/|$)|\/\/|(?:%2f){2}|\\|%5c|[^/]\/$/i;

/** Call once, before the HTTP server listens. */
export function watchPaths(): void {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    // Whoever sends the header must not choose another path than the one that was looked at.
    delete request.headers[HEADER];
    const sheltered = shelter(request.url ?? '');
    if (sheltered === undefined) return;
    request.url = sheltered.url;
    request.headers[HEADER] = sheltered.path;
  });
}

/** What stands in for a URL and the path that it stands for, below /api; undefined: it may stay as it is. */
export function shelter(url: string): { url: string; path: string } | undefined {
  const [path = ''] = url.split('?', 1);
  if (!path.startsWith('/api/') || path === '/api/' || !UNSAFE.test(path)) return undefined;
  return { url: STAND_IN + url.slice(path.length), path: path.slice('/api'.length) };
}

/** Below /api; "%2F" is a vhost's name, not two segments. */
export function sentPath(request: Request): string {
  return request.headers.get(HEADER) ?? new URL(request.url).pathname.replace(/^\/api/, '');
}
