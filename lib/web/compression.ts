/** Compressed answers. Off this thread, a few at a time: the disk of the broker waits for the same workers. */
import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { innerHeader } from './inner-header.ts';

/** Smaller answers fit a packet or two as they are. */
const BYTES_MIN = 1_024;
const AT_ONCE_MAX = 4;
/** A tenth is left of JSON, in an eighth of the time of the usual level. */
const LEVEL = 3;
const OUTPUT_BYTES = 64 * 1024;
const deflated = promisify(gzip);
let running = 0;

/** The bytes in gzip; null: they are better sent as they are. */
export async function gzipped(bytes: Buffer, acceptEncoding: string | null): Promise<Buffer | null> {
  if (bytes.length < BYTES_MIN || running >= AT_ONCE_MAX || !acceptsGzip(acceptEncoding)) return null;
  running++;
  try {
    return await deflated(bytes, { level: LEVEL, chunkSize: OUTPUT_BYTES });
  } finally {
    running--;
  }
}

/** Whether the header Accept-Encoding takes gzip; without the header nothing but the bytes is taken. [RFC 9110, 12.5.3] */
export function acceptsGzip(acceptEncoding: string | null): boolean {
  const accepted = new Map(
    (acceptEncoding ?? '').split(',').map((coding): [string, boolean] => {
      const [name = '', ...parameters] = coding.split(';').map((part) => part.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      return [name, weight === undefined || Number(weight) > 0];
    }),
  );
  return accepted.get('gzip') ?? accepted.get('x-gzip') ?? accepted.get('*') ?? false;
}

/** Next drops content-encoding from what a route answers: it goes by another name until it is past Next. */
export function pastNext(response: Response): Response {
  const encoding = response.headers.get('content-encoding');
  if (encoding === null) return response;
  response.headers.set(innerHeader('encoding'), encoding);
  return response;
}

/** Gives the header content-encoding its name back. Call before Next sees the response. */
export function restoreEncoding(response: ServerResponse): void {
  const setHeader = response.setHeader.bind(response);
  const carrier = innerHeader('encoding');
  response.setHeader = (name, value) =>
    setHeader(name.toLowerCase() === carrier ? 'content-encoding' : name, Array.isArray(value) ? [...value] : value);
}
