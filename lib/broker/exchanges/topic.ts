import type { FieldTable } from '../../amqp/field-table.ts';
import type { Binding, Destination } from '../binding.ts';
import type { ExchangeType } from './exchange-type.ts';

interface Node {
  children: Map<string, Node>;
  bindings: Set<Binding>;
}

const newNode = (): Node => ({ children: new Map(), bindings: new Set() });

/** The words of a key. The empty key has no words; "a." has two. */
const words = (key: string): string[] => (key === '' ? [] : key.split('.'));

/** Patterns of words: `*` is one word, `#` any number of them, none included. Kept as a trie. */
export class TopicType implements ExchangeType {
  readonly readsHeaders = false;
  private readonly root = newNode();

  add(binding: Binding): void {
    let node = this.root;
    for (const word of words(binding.routingKey)) {
      let child = node.children.get(word);
      if (!child) {
        child = newNode();
        node.children.set(word, child);
      }
      node = child;
    }
    node.bindings.add(binding);
  }

  remove(binding: Binding): void {
    const path: [Node, string][] = [];
    let node = this.root;
    for (const word of words(binding.routingKey)) {
      const child = node.children.get(word);
      if (!child) return;
      path.push([node, word]);
      node = child;
    }
    node.bindings.delete(binding);
    for (const [parent, word] of path.reverse()) {
      const child = parent.children.get(word);
      if (!child || child.bindings.size > 0 || child.children.size > 0) return;
      parent.children.delete(word);
    }
  }

  /**
   * Walks key and trie together, one set of live nodes a word, so that many `#` in a pattern cost
   * nodes × words and never an exponential search.
   */
  route(routingKey: string, _headers: () => FieldTable, found: Set<Destination>): void {
    let live = new Set<Node>();
    // A node reached by `#` stays alive for every further word.
    const hashes = new Set<Node>();
    const enter = (node: Node, into: Set<Node>): void => {
      if (into.has(node)) return;
      into.add(node);
      const hash = node.children.get('#');
      if (hash) {
        hashes.add(hash);
        enter(hash, into);
      }
    };
    enter(this.root, live);
    for (const word of words(routingKey)) {
      const next = new Set<Node>();
      for (const hash of hashes) enter(hash, next);
      for (const node of live) {
        // A `#` or `*` in the routing key is a plain word, but its trie node is the wildcard's own.
        const exact = word === '#' || word === '*' ? undefined : node.children.get(word);
        if (exact) enter(exact, next);
        const star = node.children.get('*');
        if (star) enter(star, next);
      }
      live = next;
    }
    for (const node of live) for (const binding of node.bindings) found.add(binding.destination);
  }
}
