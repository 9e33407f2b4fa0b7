/**
 * What is kept of a message's replays, in its record and out of every publisher's reach: one byte, 0 for never. Bits 0 to
 * 6 count them; bit 7 says that the headers of the last one are in the message, written by this broker.
 */
export const REPLAYS_MAX = 0x7f;
const HEADED = 0x80;

/** How often the message was replayed; a count that has come to REPLAYS_MAX stays there. */
export function replaysOf(mark: number): number {
  return mark & REPLAYS_MAX;
}

/** True when the headers of the message's last replay are this broker's. */
export function isHeaded(mark: number): boolean {
  return (mark & HEADED) !== 0;
}

/** The mark after one more replay. */
export function nextMark(mark: number, headed: boolean): number {
  return Math.min(replaysOf(mark) + 1, REPLAYS_MAX) | (headed ? HEADED : 0);
}
