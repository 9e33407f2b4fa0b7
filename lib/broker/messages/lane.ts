/**
 * The ready messages of one priority, in order: first those that came back, then what the log holds behind the cursor.
 * It keeps no entry for a message that was never delivered.
 * Invariant: every position in `returned` is before `cursor`, live, and in ascending order from `returnedHead` on.
 */

import type { MessageLog } from '../ports.ts';
import { MessageView } from './message.ts';

export class Lane {
  readonly log: MessageLog;
  private cursor = 0;
  private returned: number[] = [];
  private returnedHead = 0;
  private readonly view = new MessageView();

  constructor(log: MessageLog) {
    this.log = log;
    this.cursor = log.deliveredUpTo;
    // What an earlier process had delivered and not settled comes first, as returned.
    if (log.corrupt !== null || this.cursor === 0) return;
    for (let at = log.seek(0); at >= 0 && at < this.cursor; at = log.seek(log.after(at))) this.returned.push(at);
  }

  /** The position of the first ready message; -1 when there is none. */
  head(): number {
    if (this.returnedHead < this.returned.length) return this.returned[this.returnedHead] as number;
    const position = this.log.seek(this.cursor);
    if (position >= 0) this.cursor = position;
    return position;
  }

  /** True when the head was delivered before. */
  get headIsReturned(): boolean {
    return this.returnedHead < this.returned.length;
  }

  /** Takes the head that `head` just named out of the ready ones; it stays in the log until it is removed there. */
  takeHead(): void {
    if (this.returnedHead < this.returned.length) {
      this.returnedHead++;
      if (this.returnedHead === this.returned.length) {
        this.returned.length = 0;
        this.returnedHead = 0;
      }
    } else {
      this.cursor = this.log.after(this.cursor);
      this.log.delivered(this.cursor);
    }
  }

  /** Puts messages back at their original places. Positions ascend. */
  giveBack(positions: number[]): void {
    const first = positions[0];
    if (first === undefined) return;
    const last = positions[positions.length - 1] as number;
    const size = this.returned.length;
    if (this.returnedHead === size || last < (this.returned[this.returnedHead] as number)) {
      if (positions.length <= this.returnedHead) {
        this.returnedHead -= positions.length;
        for (let i = 0; i < positions.length; i++) this.returned[this.returnedHead + i] = positions[i] as number;
      } else {
        this.returned = positions.concat(this.returned.slice(this.returnedHead));
        this.returnedHead = 0;
      }
      return;
    }
    if (first > (this.returned[size - 1] as number)) {
      for (const position of positions) this.returned.push(position);
      return;
    }
    this.returned = merge(this.returned.slice(this.returnedHead), positions);
    this.returnedHead = 0;
  }

  /** Ready positions from `from` on (inclusive), at most `limit`, with whether they were delivered before. */
  browse(from: number, limit: number): { position: number; returned: boolean }[] {
    const found: { position: number; returned: boolean }[] = [];
    for (let i = this.returnedFrom(from); i < this.returned.length && found.length < limit; i++) {
      found.push({ position: this.returned[i] as number, returned: true });
    }
    let position = this.log.seek(Math.max(from, this.cursor));
    while (position >= 0 && found.length < limit) {
      found.push({ position, returned: false });
      position = this.log.seek(this.log.after(position));
    }
    return found;
  }

  /** Ends all ready messages. */
  purge(): void {
    for (let i = this.returnedHead; i < this.returned.length; i++) {
      const position = this.returned[i] as number;
      this.log.read(position, this.view);
      this.log.remove(position, this.view.bodySize);
    }
    this.returned = [];
    this.returnedHead = 0;
    this.log.removeFrom(this.cursor);
  }

  /** Takes one ready message from anywhere; false when it is not ready. The caller removes it from the log at once. */
  takeAt(position: number): boolean {
    if (position >= this.cursor) return this.log.seek(position) === position;
    const index = this.returnedFrom(position);
    if (this.returned[index] !== position) return false;
    this.returned.splice(index, 1);
    return true;
  }

  /** Index of the first returned position at or after `from`. */
  private returnedFrom(from: number): number {
    let low = this.returnedHead;
    let high = this.returned.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.returned[middle] as number) < from) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function merge(a: number[], b: number[]): number[] {
  const out: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    out.push((a[i] as number) < (b[j] as number) ? (a[i++] as number) : (b[j++] as number));
  }
  while (i < a.length) out.push(a[i++] as number);
  while (j < b.length) out.push(b[j++] as number);
  return out;
}
