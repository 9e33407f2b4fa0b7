/** The confirms of one channel. Brokers may put them together in any way, so only what they say of each publish counts. */
export class Confirming {
  #on = false;
  #last = 0;
  readonly #open = new Set<number>();
  #acked: number[] = [];
  #nacked: number[] = [];

  begin(): void {
    this.#on = true;
  }

  published(): void {
    if (this.#on) this.#open.add(++this.#last);
  }

  get isSettled(): boolean {
    return this.#open.size === 0;
  }

  settled(taken: boolean, tag: number, multiple: boolean): void {
    const tags = multiple ? [...this.#open].filter((one) => one <= tag) : [tag];
    for (const one of tags) this.#open.delete(one);
    (taken ? this.#acked : this.#nacked).push(...tags);
  }

  /** The confirms that came since the last call; empty: none. */
  news(): string {
    const parts = [
      this.#acked.length > 0 ? `acks ${this.#acked.sort((a, b) => a - b)}` : '',
      this.#nacked.length > 0 ? `nacks ${this.#nacked.sort((a, b) => a - b)}` : '',
      this.#open.size > 0 ? `unconfirmed ${[...this.#open]}` : '',
    ];
    this.#acked = [];
    this.#nacked = [];
    return parts.filter(Boolean).join(', ');
  }
}
