/**
 * Which numbers of one source were seen, in memory that does not grow while they come in order: all of [start, next) were, those
 * beyond it are bits in pages.
 */
const PAGE_NUMBERS = 65_536;

export class SeenSequence {
  #start = -1;
  #next = 0;
  #lowest = 0;
  #highest = -1;
  #count = 0;
  readonly #pages = new Map<number, Uint32Array>();

  /** Without a start, the first number that comes is taken for it. */
  constructor(start = -1) {
    this.#start = start;
    this.#next = start;
    this.#lowest = start;
  }

  get count(): number {
    return this.#count;
  }

  /** How many are missing between the lowest and the highest that came. */
  get gaps(): number {
    return this.#count === 0 ? 0 : this.#highest - this.#lowest + 1 - this.#count;
  }

  /** Notes a number; false if it had been there before. */
  add(sequence: number): boolean {
    if (this.#start < 0) {
      this.#start = sequence;
      this.#next = sequence;
      this.#lowest = sequence;
    }
    if (sequence === this.#next && this.#pages.size === 0) {
      this.#next++;
    } else {
      if (sequence >= this.#start && sequence < this.#next) return false;
      if (!this.#setBit(sequence)) return false;
      this.#advance();
    }
    this.#count++;
    if (sequence > this.#highest) this.#highest = sequence;
    if (sequence < this.#lowest) this.#lowest = sequence;
    return true;
  }

  #setBit(sequence: number): boolean {
    const number = Math.floor(sequence / PAGE_NUMBERS);
    let page = this.#pages.get(number);
    if (!page) {
      page = new Uint32Array(PAGE_NUMBERS / 32);
      this.#pages.set(number, page);
    }
    const at = sequence % PAGE_NUMBERS;
    const word = page[at >>> 5] as number;
    const bit = 1 << (at & 31);
    if (word & bit) return false;
    page[at >>> 5] = word | bit;
    return true;
  }

  #advance(): void {
    for (;;) {
      const number = Math.floor(this.#next / PAGE_NUMBERS);
      const page = this.#pages.get(number);
      if (!page) return;
      const at = this.#next % PAGE_NUMBERS;
      if (((page[at >>> 5] as number) & (1 << (at & 31))) === 0) return;
      this.#next++;
      if (at === PAGE_NUMBERS - 1) this.#pages.delete(number);
    }
  }
}
