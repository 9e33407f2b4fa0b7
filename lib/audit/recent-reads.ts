/** Pages ask for the same messages again and again: one look is kept once in this time. */
const LOOK_MS = 10 * 60_000;
const LOOKS_MAX = 1_000;

/** Who looked at what lately, so that the audit has one entry for one look. */
export class RecentReads {
  private readonly seenAtMs = new Map<string, number>();

  /** True when this look is not known yet, or was a while ago. */
  isNew(look: string, nowMs: number): boolean {
    const seenAtMs = this.seenAtMs.get(look);
    if (seenAtMs !== undefined && nowMs - seenAtMs < LOOK_MS) return false;
    this.seenAtMs.delete(look);
    const [oldest] = this.seenAtMs.keys();
    if (oldest !== undefined && this.seenAtMs.size >= LOOKS_MAX) this.seenAtMs.delete(oldest);
    this.seenAtMs.set(look, nowMs);
    return true;
  }
}
