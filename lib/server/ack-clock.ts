/**
 * Since when a channel's oldest delivery has waited for its ack. Nothing is kept per delivery: each call of `waitingSince`
 * notes how far deliveries had come, so that the moment it knows is a little later than the delivery.
 */
export class AckClock {
  /** Ascending in both; none is older than the oldest delivery that waits. */
  private notes: { atMs: number; tag: number }[] = [];

  /**
   * The moment at or after which the delivery `oldest` was made; `nowMs` when that delivery came since the last call.
   * `latest` is the newest delivery.
   */
  waitingSince(nowMs: number, oldest: number, latest: number): number {
    const settled = this.notes.findIndex(({ tag }) => tag >= oldest);
    this.notes = settled < 0 ? [] : this.notes.slice(settled);
    const since = this.notes[0]?.atMs ?? nowMs;
    if (latest > (this.notes.at(-1)?.tag ?? 0)) this.notes.push({ atMs: nowMs, tag: latest });
    return since;
  }

  /** Nothing waits. */
  clear(): void {
    if (this.notes.length > 0) this.notes = [];
  }
}
