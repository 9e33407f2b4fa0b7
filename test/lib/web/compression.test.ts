import { ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acceptsGzip, gzipped, pastNext, restoreEncoding } from '../../../lib/web/compression.ts';
import { jsonAnswer } from '../../../lib/web/json-answer.ts';

test.each([
  [null, false],
  ['', false],
  ['gzip', true],
  ['GZIP', true],
  ['deflate, gzip;q=1.0, *;q=0.5', true],
  ['br, gzip ; q=0.001', true],
  ['gzip;q=0', false],
  ['gzip;q=0.000, *', false],
  ['*', true],
  ['*;q=0', false],
  ['identity, br', false],
  ['x-gzip', true],
  ['gzipped', false],
  [';;,q=1,gzip;q=x', false],
])('Accept-Encoding %j takes gzip: %s', (header, isTaken) => {
  expect(acceptsGzip(header)).toBe(isTaken);
});

test('any header is read without complaint', () => {
  const piece = fc.constantFrom('gzip', ';', ',', 'q=', '=', '0', '1', '.', '*', ' ', '"');
  fc.assert(fc.property(fc.array(piece), (pieces) => typeof acceptsGzip(pieces.join('')) === 'boolean'));
});

const asked = (acceptEncoding?: string) => ({
  headers: new Headers(acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding }),
});

describe('an answer in JSON', () => {
  const long = JSON.stringify({ text: 'ü'.repeat(2_000) });

  test('that is long comes in gzip to who takes it, and is the same', async () => {
    const answer = await jsonAnswer(asked('gzip, deflate'), long, { status: 201, headers: { 'x-a': 'b' } });
    expect(Object.fromEntries(answer.headers)).toEqual({
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      vary: 'accept-encoding',
      'x-a': 'b',
    });
    expect(answer.status).toBe(201);
    expect(gunzipSync(await answer.arrayBuffer()).toString()).toBe(long);
  });

  test.each([
    ['who does not', long, undefined],
    ['who refuses it', long, 'gzip;q=0'],
    ['anyone, when it is short', '{"short":true}', 'gzip'],
  ])('comes as it is to %s', async (_, text, acceptEncoding) => {
    const answer = await jsonAnswer(asked(acceptEncoding), text);
    expect([answer.headers.get('content-encoding'), answer.headers.get('vary')]).toEqual([null, 'accept-encoding']);
    expect(await answer.text()).toBe(text);
  });

  test('says what it varies by in the words of its API', async () => {
    const answer = await jsonAnswer(asked('gzip'), long, { headers: { vary: 'accept, accept-encoding, origin' } });
    expect(answer.headers.get('vary')).toBe('accept, accept-encoding, origin');
  });
});

test('so many at once are compressed, what comes then is sent as it is', async () => {
  const bytes = Buffer.alloc(200_000, 'a');
  const made = await Promise.all(Array.from({ length: 8 }, () => gzipped(bytes, 'gzip')));
  expect(made.filter((one) => one !== null)).toHaveLength(4);
  expect(await gzipped(bytes, 'gzip')).not.toBeNull();
});

test('the encoding of an answer survives a server that drops it', async () => {
  const response = new ServerResponse({ method: 'GET' } as never);
  restoreEncoding(response);
  const answer = pastNext(await jsonAnswer(asked('gzip'), JSON.stringify({ text: 'a'.repeat(2_000) })));
  for (const [name, value] of answer.headers) if (name !== 'content-encoding') response.setHeader(name, [value]);
  expect(response.getHeaders()).toEqual({
    'content-type': ['application/json'],
    'content-encoding': ['gzip'],
    vary: ['accept-encoding'],
  });
});
