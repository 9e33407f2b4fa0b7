/**
 * Every body begins with a stamp, big endian:
 *
 *     0      8                    32            64        72                       128 bits
 *     +------+--------------------+-------------+---------+-------------------------+
 *     | run  | source             | sequence number       | sent, ns since the start |
 *     +------+--------------------+-------------+---------+-------------------------+
 *
 * A source is one producer on its way to one routing key; it counts from 0 without a gap.
 */
export const STAMP_BYTES = 16;

const HIGH = 2 ** 32;

export function writeStamp(
  view: DataView,
  at: number,
  run: number,
  source: number,
  sequence: number,
  sentNs: number,
): void {
  const sentHigh = Math.floor(sentNs / HIGH);
  view.setUint32(at, (run << 24) | source);
  view.setUint32(at + 4, Math.floor(sequence / 256));
  view.setUint32(at + 8, ((sequence % 256) << 24) | sentHigh);
  view.setUint32(at + 12, sentNs >>> 0);
}

export function stampedRun(view: DataView, at: number): number {
  return view.getUint8(at);
}

export function stampedSource(view: DataView, at: number): number {
  return view.getUint32(at) & 0xffffff;
}

export function stampedSequence(view: DataView, at: number): number {
  return view.getUint32(at + 4) * 256 + view.getUint8(at + 8);
}

export function stampedSentNs(view: DataView, at: number): number {
  return (view.getUint32(at + 8) & 0xffffff) * HIGH + view.getUint32(at + 12);
}
