/** As much of DER as certificates need: each function encodes one value (X.690). */

export function encode(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length > 0xffff) throw new RangeError('too long for a certificate of a test');
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => encode(0x30, ...parts);
export const setOf = (...parts: readonly Uint8Array[]): Buffer => encode(0x31, ...parts);
export const utf8 = (text: string): Buffer => encode(0x0c, Buffer.from(text));
export const octets = (content: Uint8Array): Buffer => encode(0x04, content);
export const bits = (content: Uint8Array): Buffer => encode(0x03, Buffer.from([0]), content);
export const boolean = (value: boolean): Buffer => encode(0x01, Buffer.from([value ? 0xff : 0]));
/** From 0 to 127. */
export const smallInteger = (value: number): Buffer => encode(0x02, Buffer.from([value]));

/** A UTCTime of a date before 2050. */
export function utcTime(date: Date): Buffer {
  const digits = date.toISOString().replace(/\D/g, '');
  return encode(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
}

/** '2.5.4.3' and the like. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = rest.flatMap((part) => {
    const septets = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) septets.unshift((left & 0x7f) | 0x80);
    return septets;
  });
  return encode(0x06, Buffer.from([first * 40 + second, ...bytes]));
}
