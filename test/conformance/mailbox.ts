/** What came and was not looked at yet, in order. After a failure it gives what it still has, then fails for ever. */
import { within } from './patience.ts';

export class Mailbox<T> {
  readonly #what: string;
  readonly #waiting: T[] = [];
  #failure: Error | undefined;
  #bell: (() => void) | undefined;

  constructor(what: string, ended?: Promise<void>) {
    this.#what = what;
    void ended?.then(() => this.fail(new Error(`the broker closed the socket; ${what} will not come`)));
  }

  get size(): number {
    return this.#waiting.length;
  }

  put(one: T): void {
    this.#waiting.push(one);
    this.#bell?.();
  }

  fail(error: Error): void {
    this.#failure ??= error;
    this.#bell?.();
  }

  async next(ms?: number): Promise<T> {
    for (;;) {
      const one = this.#waiting.shift();
      if (one !== undefined) return one;
      if (this.#failure) throw this.#failure;
      const bell = new Promise<void>((resolve) => {
        this.#bell = resolve;
      });
      await within(bell, this.#what, ms);
    }
  }

  /** Takes all that has come already. */
  takeAll(): T[] {
    return this.#waiting.splice(0);
  }

  /** Takes the next so many. */
  async take(count: number): Promise<T[]> {
    const taken: T[] = [];
    while (taken.length < count) taken.push(await this.next());
    return taken;
  }
}
