/**
 * Steps of a start, each with how it is undone. They are undone in the reverse order: at the stop, or when a later step
 * fails. Invariant: what a step has begun is undone exactly once.
 */
import type { Log } from './log.ts';

interface Taken {
  name: string;
  undo: () => void | Promise<void>;
}

export class StartSequence {
  private readonly log: Log;
  private readonly taken: Taken[] = [];
  private undoing: Promise<void> | null = null;

  constructor(log: Log) {
    this.log = log;
  }

  /** Takes a step. One that fails leaves nothing of itself. */
  async step<T>(name: string, take: () => T | Promise<T>, undo: (made: T) => void | Promise<void>): Promise<T> {
    const made = await take();
    this.taken.push({ name, undo: () => undo(made) });
    return made;
  }

  /** Undoes the steps. One that cannot be undone is logged and does not keep the others. Further calls share one undoing. */
  undo(): Promise<void> {
    this.undoing ??= this.undoAll();
    return this.undoing;
  }

  private async undoAll(): Promise<void> {
    for (let last = this.taken.pop(); last; last = this.taken.pop()) {
      try {
        await last.undo();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.log('error', `${last.name} could not be ended: ${reason}`);
      }
    }
  }
}
