/**
 * The publishes of one channel that wait for their confirm: a ring as long as the window, so that nothing is allocated per message.
 * A tag that is settled twice, or was never sent, is counted as stray.
 */
export class ConfirmWindow {
  readonly size: number;
  outstanding = 0;
  stray = 0;
  readonly #sentNs: Float64Array;
  readonly #mask: number;
  #lowest = 1;
  #next = 1;

  constructor(size: number) {
    this.size = size;
    let slots = 1;
    while (slots < size) slots *= 2;
    this.#sentNs = new Float64Array(slots).fill(SETTLED);
    this.#mask = slots - 1;
  }

  /** How many more may be sent: tags of the ring must not meet, however old the oldest is. */
  get room(): number {
    return Math.min(this.size - this.outstanding, this.#mask + 1 - (this.#next - this.#lowest));
  }

  sent(count: number, sentNs: number): void {
    for (let i = 0; i < count; i++) this.#sentNs[this.#next++ & this.#mask] = sentNs;
    this.outstanding += count;
  }

  /** Settles one tag, or all up to it; tells when each was sent. Returns how many it settled. */
  settle(tag: number, multiple: boolean, onSettled?: (sentNs: number) => void): number {
    const first = multiple ? this.#lowest : tag;
    const last = multiple && tag === 0 ? this.#next - 1 : tag;
    let settled = 0;
    if (first < this.#lowest || last >= this.#next) this.stray++;
    else {
      for (let t = first; t <= last; t++) {
        const sentNs = this.#sentNs[t & this.#mask] as number;
        if (sentNs === SETTLED) continue;
        this.#sentNs[t & this.#mask] = SETTLED;
        settled++;
        onSettled?.(sentNs);
      }
      if (settled === 0) this.stray++;
    }
    this.outstanding -= settled;
    while (this.#lowest < this.#next && this.#sentNs[this.#lowest & this.#mask] === SETTLED) this.#lowest++;
    return settled;
  }
}

const SETTLED = -1;
