/**
 * The end of a turn: what was written during it goes out, once a connection. A turn is whatever ran since the event
 * loop last got control: a chunk from a socket, a timer, a request of the console.
 */
import { FanOutBudget } from './fan-out-budget.ts';
import type { Writer } from './writer.ts';

export class Turn {
  readonly fanOut = new FanOutBudget();
  private writers: Writer[] = [];
  private beforeFlush: (() => void)[] = [];
  private scheduled = false;
  private readonly beforeSend: () => void;

  /** `beforeSend` is called before what was written goes out. */
  constructor(beforeSend: () => void) {
    this.beforeSend = beforeSend;
  }

  readonly dirty = (writer: Writer): void => {
    this.writers.push(writer);
    this.schedule();
  };

  /** Runs `callback` before the writers are flushed at the end of this turn. */
  atEnd(callback: () => void): void {
    this.beforeFlush.push(callback);
    this.schedule();
  }

  readonly end = (): void => {
    this.scheduled = false;
    while (this.beforeFlush.length > 0 || this.writers.length > 0) {
      const callbacks = this.beforeFlush;
      if (callbacks.length > 0) {
        this.beforeFlush = [];
        for (const callback of callbacks) callback();
      }
      const { writers } = this;
      this.writers = [];
      this.beforeSend();
      for (const writer of writers) writer.flush();
    }
  };

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(this.end);
  }
}
