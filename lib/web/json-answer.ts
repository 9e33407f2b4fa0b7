import { gzipped } from './compression.ts';

/** An answer of JSON text, compressed where it is worth it and the one who asks takes that; so it varies by what is taken. */
export async function jsonAnswer(
  request: { headers: Pick<Headers, 'get'> },
  text: string,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): Promise<Response> {
  const bytes = Buffer.from(text);
  const all = { 'content-type': 'application/json', vary: 'accept-encoding', ...headers };
  const compressed = await gzipped(bytes, request.headers.get('accept-encoding'));
  if (compressed === null) return new Response(new Uint8Array(bytes), { status, headers: all });
  return new Response(new Uint8Array(compressed), { status, headers: { ...all, 'content-encoding': 'gzip' } });
}
