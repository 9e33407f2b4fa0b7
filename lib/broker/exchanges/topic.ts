import type { FieldTable } from '../../amqp/field-table.ts';
import type { Binding, Destination } from './binding.ts';
import type { ExchangeType } from './exchange-type.ts';

/** A node of the trie: the words that may follow it, and the bindings whose patterns end there. */
class Node {
  children: Map<string, Node> | null = null;
  /** The node behind a `*`, and the node behind a `#`. */
  star: Node | null = null;
  hash: Node | null = null;
  bindings: Set<Binding> | null = null;
  /** The step that reached this node last, and the walk that met it last behind a `#`. */
  reachedAt = 0;
  metInWalk = 0;

  child(word: string): Node | null {
    if (word === '*') return this.star;
    if (word === '#') return this.hash;
    return this.children?.get(word) ?? null;
  }

  setChild(word: string, node: Node | null): void {
    if (word === '*') this.star = node;
    else if (word === '#') this.hash = node;
    else if (node !== null) {
      this.children ??= new Map();
      this.children.set(word, node);
    } else {
      this.children?.delete(word);
      if (this.children?.size === 0) this.children = null;
    }
  }

  get isEmpty(): boolean {
    return this.bindings === null && this.children === null && this.star === null && this.hash === null;
  }
}

/** The words of a key. The empty key has no words; "a." has two. */
const words = (key: string): string[] => (key === '' ? [] : key.split('.'));

/** The words of a pattern, where a run of `#` is one: it means the same. */
const pattern = (key: string): string[] => words(key).filter((word, i, all) => word !== '#' || all[i - 1] !== '#');

/**
 * Patterns of words: `*` is one word, `#` any number of them, none included. Kept as a trie that is walked together
 * with the key, one set of live nodes a word: many `#` in a pattern cost nodes × words, never an exponential search.
 */
export class TopicType implements ExchangeType {
  readonly isPerMessage = false;
  private readonly root = new Node();
  private step = 0;
  private walk = 0;
  private live: Node[] = [];
  private next: Node[] = [];
  /** Nodes behind a `#` that this walk has met: they stay alive for every further word. */
  private readonly behindHash: Node[] = [];

  add(binding: Binding): void {
    let node = this.root;
    for (const word of pattern(binding.routingKey)) {
      let child = node.child(word);
      if (child === null) {
        child = new Node();
        node.setChild(word, child);
      }
      node = child;
    }
    node.bindings ??= new Set();
    node.bindings.add(binding);
  }

  remove(binding: Binding): void {
    const path: [Node, string][] = [];
    let node = this.root;
    for (const word of pattern(binding.routingKey)) {
      const child = node.child(word);
      if (child === null) return;
      path.push([node, word]);
      node = child;
    }
    node.bindings?.delete(binding);
    if (node.bindings?.size === 0) node.bindings = null;
    for (const [parent, word] of path.reverse()) {
      if (!parent.child(word)?.isEmpty) return;
      parent.setChild(word, null);
    }
  }

  route(routingKey: string, _headers: () => FieldTable, found: Set<Destination>): void {
    this.walk++;
    this.step++;
    this.live.length = 0;
    this.behindHash.length = 0;
    this.reach(this.root, this.live);
    if (routingKey !== '') {
      for (let start = 0; start <= routingKey.length && this.live.length > 0; ) {
        const dot = routingKey.indexOf('.', start);
        const end = dot < 0 ? routingKey.length : dot;
        this.follow(routingKey.slice(start, end));
        start = end + 1;
      }
    }
    for (const { bindings } of this.live) {
      if (bindings !== null) for (const binding of bindings) found.add(binding.destination);
    }
  }

  probe(): ExchangeType {
    return new TopicType();
  }

  /** Goes one word on. In a routing key `*` and `#` are plain words, which no pattern can name. */
  private follow(word: string): void {
    const { live, next, behindHash } = this;
    this.step++;
    next.length = 0;
    for (let i = 0; i < behindHash.length; i++) this.reach(behindHash[i] as Node, next);
    for (let i = 0; i < live.length; i++) {
      const { children, star } = live[i] as Node;
      const exact = children?.get(word);
      if (exact !== undefined) this.reach(exact, next);
      if (star !== null) this.reach(star, next);
    }
    this.live = next;
    this.next = live;
  }

  /** A node is alive, and with it what follows when a `#` stands for no word. */
  private reach(start: Node, into: Node[]): void {
    for (let node: Node | null = start; node !== null && node.reachedAt !== this.step; node = node.hash) {
      node.reachedAt = this.step;
      into.push(node);
      const { hash } = node;
      if (hash !== null && hash.metInWalk !== this.walk) {
        hash.metInWalk = this.walk;
        this.behindHash.push(hash);
      }
    }
  }
}
