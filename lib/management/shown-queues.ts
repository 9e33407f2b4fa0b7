/** Which queues a question showed last. */
import type { Engine } from '../engine/port.ts';

interface Place {
  vhost: string;
  name: string;
}

const QUESTIONS_MAX = 200;

/**
 * Who looks at a page of queues asks again and again, and mostly for the same queues: asked for together with what they
 * are sorted by, they come in the same turn of a busy broker. A guess that is wrong costs a turn, and is never an answer.
 */
class ShownQueues {
  private readonly held = new Map<string, readonly Place[]>();

  last(question: string): readonly Place[] {
    return this.held.get(question) ?? [];
  }

  keep(question: string, shown: readonly Place[]): void {
    this.held.delete(question);
    this.held.set(question, shown);
    const [oldest] = this.held.keys();
    if (oldest !== undefined && this.held.size > QUESTIONS_MAX) this.held.delete(oldest);
  }
}

const byEngine = new WeakMap<Engine, ShownQueues>();

export function shownQueues(engine: Engine): ShownQueues {
  const held = byEngine.get(engine) ?? new ShownQueues();
  byEngine.set(engine, held);
  return held;
}
