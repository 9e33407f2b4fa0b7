/** Moves and reads bytes where calls into native code would cost more than the bytes do. Big endian, as AMQP is. */

const COPY_BY_LOOP_MAX = 48;

export function copyBytes(from: Buffer, start: number, end: number, to: Buffer, at: number): void {
  if (end - start > COPY_BY_LOOP_MAX) {
    from.copy(to, at, start, end);
    return;
  }
  for (let i = start; i < end; i++) to[at++] = from[i] as number;
}

export function put32(buffer: Buffer, at: number, value: number): void {
  buffer[at] = value >>> 24;
  buffer[at + 1] = value >>> 16;
  buffer[at + 2] = value >>> 8;
  buffer[at + 3] = value;
}

export function get32(buffer: Buffer, at: number): number {
  return (
    (((buffer[at] as number) << 24) |
      ((buffer[at + 1] as number) << 16) |
      ((buffer[at + 2] as number) << 8) |
      (buffer[at + 3] as number)) >>>
    0
  );
}

export function put48(buffer: Buffer, at: number, value: number): void {
  const high = Math.floor(value / 0x100000000);
  buffer[at] = high >>> 8;
  buffer[at + 1] = high;
  put32(buffer, at + 2, value >>> 0);
}

export function get48(buffer: Buffer, at: number): number {
  return (((buffer[at] as number) << 8) | (buffer[at + 1] as number)) * 0x100000000 + get32(buffer, at + 2);
}

/** Unsigned 64 bits; exact below 2^53. */
export function put64(buffer: Buffer, at: number, value: number): void {
  put32(buffer, at, Math.floor(value / 0x100000000));
  put32(buffer, at + 4, value >>> 0);
}

/** Unsigned 64 bits; exact below 2^53, and never below 2^53 when the true value is not. */
export function get64(buffer: Buffer, at: number): number {
  return get32(buffer, at) * 0x100000000 + get32(buffer, at + 4);
}

/**
 * Gives memory back now that nobody looks at; the collector would do it some time later, or never while idle. Only for
 * buffers that own theirs (allocUnsafeSlow).
 */
export function freeBytes(buffer: Buffer): void {
  (buffer.buffer as ArrayBuffer).transfer(0);
}
