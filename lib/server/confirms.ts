/**
 * Publisher confirms of one channel. Publishes are numbered in the order in which they came; what was settled during
 * a turn goes out at its end, after the store has made it durable, with `multiple` where that saves frames.
 * Invariant: no confirm before the flush.
 */
export class Confirms {
  private publishSeqNo = 0;
  private confirmed = 0;
  private refused: number[] = [];

  /** To be called when the next publish was taken by all its queues, or by none because there are none. */
  taken(): void {
    this.publishSeqNo++;
  }

  /** The next publish was refused by a queue. */
  refuse(): void {
    this.refused.push(++this.publishSeqNo);
  }

  get hasPending(): boolean {
    return this.confirmed < this.publishSeqNo;
  }

  /** Publishes that wait for their confirm. */
  get pendingCount(): number {
    return this.publishSeqNo - this.confirmed;
  }

  /** The number of the latest publish. */
  get latest(): number {
    return this.publishSeqNo;
  }

  /** Settles everything up to `seqNo`: calls `ack` and `nack` in ascending order. Returns how many were acked. */
  settle(seqNo: number, ack: (tag: number, multiple: boolean) => void, nack: (tag: number) => void): number {
    let acked = 0;
    while (this.confirmed < seqNo) {
      const refused = this.refused[0] ?? Number.POSITIVE_INFINITY;
      const upTo = Math.min(seqNo, refused - 1);
      if (upTo > this.confirmed) {
        ack(upTo, upTo - this.confirmed > 1);
        acked += upTo - this.confirmed;
        this.confirmed = upTo;
      }
      if (refused <= seqNo) {
        this.refused.shift();
        nack(refused);
        this.confirmed = refused;
      }
    }
    return acked;
  }
}
