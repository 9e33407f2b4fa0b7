/** Bytes in an error text, as RabbitMQ shows them: the first sixteen, as text where they are text. */
const SHOWN_MAX = 16;

export function octetsText(bytes: Buffer, start: number, end: number): string {
  const which = end - start > SHOWN_MAX ? `first ${SHOWN_MAX}` : 'all';
  const shown = [...bytes.subarray(start, Math.min(end, start + SHOWN_MAX))];
  const isText =
    shown.length > 0 && shown.every((byte) => byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c);
  const inside = isText ? `"${String.fromCharCode(...shown)}"` : shown.join(',');
  return `${which} octets = <<${inside}>>`;
}
