/** Which queues a question showed last. */
import type { Engine } from '../engine/port.ts';
import type { QualifiedName } from '../engine/sort-keys.ts';

const QUESTIONS_MAX = 200;

/**
 * Who looks at a page of queues asks again and again, and mostly for the same queues: asked for together with what they
 * are sorted by, they come in the same turn of a busy broker. A guess that is wrong costs a turn, and is never an answer.
 */
class ShownQueues {
  private readonly shownBy = new Map<string, readonly QualifiedName[]>();

  last(question: string): readonly QualifiedName[] {
    return this.shownBy.get(question) ?? [];
  }

  keep(question: string, shown: readonly QualifiedName[]): void {
    this.shownBy.delete(question);
    this.shownBy.set(question, shown);
    const [oldest] = this.shownBy.keys();
    if (oldest !== undefined && this.shownBy.size > QUESTIONS_MAX) this.shownBy.delete(oldest);
  }
}

const byEngine = new WeakMap<Engine, ShownQueues>();

export function shownQueues(engine: Engine): ShownQueues {
  const own = byEngine.get(engine) ?? new ShownQueues();
  byEngine.set(engine, own);
  return own;
}
