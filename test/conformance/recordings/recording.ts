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
  /** Null: none. */
  body: unknown;
}

/** Undefined when nobody names a folder, or it is not there. */
export function recordingsFolder(): string | undefined {
  const folder = process.env.WARREN_RECORDINGS ?? '';
  return folder !== '' && existsSync(join(folder, 'INDEX.md')) ? folder : undefined;
}

/** All that were asked under /api, in the order in which they were. */
export function readRecordings(folder: string): Recording[] {
  return namesIn(folder)
    .filter((name) => existsSync(join(folder, `${name}.json`)))
    .map((name) => ({ name, ...JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) }));
}

function namesIn(folder: string): string[] {
  const rows = readFileSync(join(folder, 'INDEX.md'), 'utf8').matchAll(/^\| ([a-z0-9-]+) \| [A-Z]+ \//gm);
  return [...rows].map(([, name]) => name as string);
}
