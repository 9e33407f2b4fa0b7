/** Several values a key. Most keys have one: only more of them cost a set. Values are never sets themselves. */
export class MultiMap<K, V extends object> {
  private readonly map = new Map<K, V | Set<V>>();

  add(key: K, value: V): void {
    const held = this.map.get(key);
    if (held === undefined) this.map.set(key, value);
    else if (held instanceof Set) held.add(value);
    else if (held !== value) this.map.set(key, new Set([held, value]));
  }

  delete(key: K, value: V): void {
    const held = this.map.get(key);
    if (held === value) this.map.delete(key);
    else if (held instanceof Set && held.delete(value) && held.size === 0) this.map.delete(key);
  }

  has(key: K): boolean {
    return this.map.has(key);
  }

  count(key: K): number {
    const held = this.map.get(key);
    if (held === undefined) return 0;
    return held instanceof Set ? held.size : 1;
  }

  /** In the order in which they came. */
  of(key: K): Iterable<V> {
    const held = this.map.get(key);
    if (held === undefined) return [];
    return held instanceof Set ? held : [held];
  }
}
