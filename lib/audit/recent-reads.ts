/** Pages ask for the same messages again and again: one read is kept once in this time. */
const KEPT_MS = 10 * 60_000;
const READS_MAX = 1_000;

/** Who looked at what lately, so that the audit has one entry for one read. */
export class RecentReads {
  private readonly seenAtMs = new Map<string, number>();

  /** True when this read is not known yet, or was a while ago. */
  isNew(read: string, nowMs: number): boolean {
    const seenAtMs = this.seenAtMs.get(read);
    if (seenAtMs !== undefined && nowMs - seenAtMs < KEPT_MS) return false;
    this.seenAtMs.delete(read);
    const [oldest] = this.seenAtMs.keys();
    if (oldest !== undefined && this.seenAtMs.size >= READS_MAX) this.seenAtMs.delete(oldest);
    this.seenAtMs.set(read, nowMs);
    return true;
  }
}
