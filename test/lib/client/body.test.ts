import { expect, test } from 'vitest';
import { bodyPreview, decodeBody, encodeText, hexDump } from '../../../lib/client/body.ts';

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
