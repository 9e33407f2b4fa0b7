/** Several values a key. Most keys have one: only more of them cost a set. Values are never sets themselves. */
export class MultiMap<K, V extends object> {
  private readonly map = new Map<K, V | Set<V>>();

  add(key: K, value: V): void {
    const existing = this.map.get(key);
    if (existing === undefined) this.map.set(key, value);
    else if (existing instanceof Set) existing.add(value);
    else if (existing !== value) this.map.set(key, new Set([existing, value]));
  }

  delete(key: K, value: V): void {
    const existing = this.map.get(key);
    if (existing === value) this.map.delete(key);
    else if (existing instanceof Set && existing.delete(value) && existing.size === 0) this.map.delete(key);
  }

  has(key: K): boolean {
    return this.map.has(key);
  }

  count(key: K): number {
    const existing = this.map.get(key);
    if (existing === undefined) return 0;
    return existing instanceof Set ? existing.size : 1;
  }

  /** The values of a key, in the order in which they came. */
  of(key: K): Iterable<V> {
    const existing = this.map.get(key);
    if (existing === undefined) return [];
    return existing instanceof Set ? existing : [existing];
  }
}
