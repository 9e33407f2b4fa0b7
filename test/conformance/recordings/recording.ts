/** What a RabbitMQ was asked and what it answered, as kept in a folder of JSON files with an index. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Recording {
  name: string;
  request: {
    method: string;
    /** With /api and the query, encoded. */
    path: string;
    /** A string was sent as it is; null: none was. */
    body: unknown;
  };
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** The body of the answer; null: none. */
  body: unknown;
}

/** A page of metrics. */
export interface RecordedPage {
  name: string;
  /** With the query. */
  path: string;
  page: string;
}

/** Undefined when nobody names a folder, or it is not there. */
export function recordingsFolder(): string | undefined {
  const folder = process.env.WARREN_RECORDINGS ?? '';
  return folder !== '' && existsSync(join(folder, 'INDEX.md')) ? folder : undefined;
}

/** The recordings of requests under /api, in the order of the requests. */
export function readRecordings(folder: string): Recording[] {
  return rowsOf(folder)
    .filter(({ name }) => existsSync(join(folder, `${name}.json`)))
    .map(({ name }) => ({ name, ...JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) }));
}

export function readPages(folder: string): RecordedPage[] {
  return rowsOf(folder)
    .filter(({ name }) => existsSync(join(folder, `${name}.txt`)))
    .map(({ name, path }) => ({ name, path, page: readFileSync(join(folder, `${name}.txt`), 'utf8') }));
}

/** The rows of the index: "| name | GET /path | 200 |". */
function rowsOf(folder: string): { name: string; path: string }[] {
  const index = readFileSync(join(folder, 'INDEX.md'), 'utf8');
  return [...index.matchAll(/^\| ([a-z0-9-]+) \| [A-Z]+ (\/\S*) \|/gm)].map(([, name, path]) => ({
    name: name as string,
    path: path as string,
  }));
}
