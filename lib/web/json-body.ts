import { EngineError } from '../engine/errors.ts';
import { parseJson } from './json-text.ts';
import { Refusal } from './refusal.ts';

/** Room for a message body of 11 MiB in base64. */
const BODY_BYTES_MAX = 16 * 1024 * 1024;

/** The request's JSON; never holds more than the limit, whatever content-length says. */
export async function readJson(request: Request, bytesMax = BODY_BYTES_MAX): Promise<unknown> {
  // Another site can make a browser send a form here, but not this type without asking first.
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? ''))
    throw new EngineError('INVALID_REQUEST', 'the body must have content-type application/json');
  return parseJson(textOf(await readBytes(request, bytesMax)));
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new EngineError('INVALID_REQUEST', 'the body is not text in UTF-8');
  }
}

/** The request's body; never holds more than the limit, whatever content-length says. */
export async function readBytes(request: Request, bytesMax: number): Promise<Buffer> {
  const tooLarge = () => new Refusal('BODY_TOO_LARGE', `the body is larger than ${bytesMax} bytes`);
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength;
      if (size > bytesMax) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    // Whoever went away meanwhile reads no answer, and has done nothing that somebody had to mend.
    if (request.signal.aborted || isAbort(error))
      throw new EngineError('INVALID_REQUEST', 'the body did not come whole');
    throw error;
  }
  return Buffer.concat(chunks);
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
}
