import { expect, test } from 'vitest';
import { bodyPreview, decodeBody, encodeText, hexDump, indent, jsonProblem } from '../../../lib/client/body.ts';

const base64 = (bytes: number[]) => Buffer.from(bytes).toString('base64');

test('text comes back as it was', () => {
  const text = 'grüße 日本 🐇'.repeat(5000);
  expect(decodeBody(encodeText(text), false).text).toBe(text);
});

test('JSON is indented, but not what is cut or only looks like it', () => {
  expect(decodeBody(encodeText('{"a":1}'), false).json).toBe('{\n  "a": 1\n}');
  expect(decodeBody(encodeText('{"a":1}'), true).json).toBeNull();
  expect(decodeBody(encodeText('{a}'), false).json).toBeNull();
  expect(decodeBody(encodeText('7'), false).json).toBeNull();
});

test('the JSON of a body keeps its numbers, its equal names and what no number can be', () => {
  const body = '{"id":1234567890123456789,"price":1.10,"price":1e400}';
  expect(decodeBody(encodeText(body), false).json).toBe(
    '{\n  "id": 1234567890123456789,\n  "price": 1.10,\n  "price": 1e400\n}',
  );
});

test('JSON that is too deep to be indented is a text, and one that is none is left alone with the reason', () => {
  const deep = '['.repeat(500_000) + ']'.repeat(500_000);
  expect(decodeBody(encodeText(deep), false)).toMatchObject({ text: deep, json: null });
  expect(indent(deep)).toEqual({ problem: 'Not indented: it is too deeply nested to be indented.' });
  expect(indent('{"a":01}')).toEqual({
    problem: 'Not indented: line 1, column 7: a comma or the end of the object or list is missing.',
  });
  expect(indent(' \n')).toEqual({ problem: 'An empty text is not JSON.' });
});

test('a text is said not to be JSON with the place and the reason, however deep it is nested', () => {
  expect(jsonProblem('{"a":1e400,"a":[]}')).toBeNull();
  expect(jsonProblem('['.repeat(500_000) + ']'.repeat(500_000))).toBeNull();
  expect(jsonProblem('[1,]')).toBe('Not JSON: line 1, column 4: a value is missing.');
  expect(jsonProblem('')).toBe('An empty text is not JSON.');
});

test('bytes that are no text are not shown as text', () => {
  expect(decodeBody(base64([0xff, 0xfe]), false).text).toBeNull();
  expect(decodeBody(base64([0, 1, 2]), false).text).toBeNull();
});

test('a character cut in two at the end is forgiven only where the body was cut', () => {
  const bytes = base64([...Buffer.from('aü')].slice(0, 2));
  expect(decodeBody(bytes, true).text).toBe('a');
  expect(decodeBody(bytes, false).text).toBeNull();
});

test('a hex dump has offset, bytes and characters', () => {
  expect(hexDump(new TextEncoder().encode('warren\n')).lines).toBe(
    `000000  ${'77 61 72 72 65 6e 0a'.padEnd(47)}  warren.`,
  );
  expect(hexDump(new Uint8Array(20_000)).cut).toBe(true);
});

test('a preview is one line', () => {
  expect(bodyPreview(encodeText('{\n  "a": 1\n}'), 12)).toEqual({ text: '{ "a": 1 }', binary: false });
  expect(bodyPreview(base64([0xff, 0]), 2)).toEqual({ text: 'ff 00', binary: true });
});
