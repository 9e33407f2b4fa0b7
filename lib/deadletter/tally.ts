/** Counts by a text that strangers have a say in: so many texts are kept apart, the others are counted together. */
const TEXTS_MAX = 50;
const OTHERS = 'For other reasons.';

export class Tally {
  private readonly counts = new Map<string, number>();

  add(text: string, count = 1): void {
    const key = this.counts.has(text) || this.counts.size < TEXTS_MAX ? text : OTHERS;
    this.counts.set(key, (this.counts.get(key) ?? 0) + count);
  }

  get total(): number {
    return this.counts.values().reduce((sum, count) => sum + count, 0);
  }

  /** The most frequent first. */
  list(): { text: string; count: number }[] {
    return [...this.counts].map(([text, count]) => ({ text, count })).sort((a, b) => b.count - a.count);
  }
}
