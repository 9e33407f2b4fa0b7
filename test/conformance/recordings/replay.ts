/** Asks again what was asked, and tells how the answers differ. */
import { type Answer, askApi } from '../api-client.ts';
import type { Recording } from './recording.ts';
import { shapeDifferences, shapeOf } from './shape.ts';
import { CREDENTIALS, type Stage } from './stage.ts';

/**
 * Left out: of the connection (connection, content-length, date, server) and of the pages' safety
 * (content-security-policy and its kin), which each server has of its own.
 */
const HEADERS = ['allow', 'cache-control', 'content-type', 'location', 'vary', 'www-authenticate'];
const NONE = '(none)';

export function replay(stage: Stage, { name, request }: Recording): Promise<Answer> {
  const body = request.body ?? undefined;
  return askApi(stage.broker, request.method, stage.pathOf(request.path), body, CREDENTIALS[name]);
}

/** One line a difference. */
export function differencesOf(recording: Recording, answer: Answer): string[] {
  if (answer.status !== recording.status) return [`status ${answer.status}, not ${recording.status}`];
  const headers = HEADERS.flatMap((name) => {
    const [theirs, ours] = [recording.headers[name] ?? NONE, answer.headers.get(name) ?? NONE];
    return theirs === ours ? [] : [`header ${name}: ${ours}, not ${theirs}`];
  });
  return [...headers, ...bodyDifferences(recording, answer.body ?? null)];
}

function bodyDifferences({ status, body: theirs }: Recording, ours: unknown): string[] {
  const differences = shapeDifferences(shapeOf(theirs), shapeOf(ours));
  if (status < 400 || theirs === null || ours === null) return differences;
  // What a tool prints when it fails: word for word.
  return [...differences, ...['error', 'reason'].flatMap((key) => wordsOf(theirs as object, ours as object, key))];
}

function wordsOf(theirs: Record<string, unknown> | object, ours: object, key: string): string[] {
  const [wanted, found] = [theirs, ours].map((body) => JSON.stringify((body as Record<string, unknown>)[key]));
  return wanted === found ? [] : [`${key}: ${found}, not ${wanted}`];
}
