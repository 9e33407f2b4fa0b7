/** Tickets in the order in which they were put in; the first one is taken without moving the others. */
export class TicketList {
  private tickets: number[] = [];
  private head = 0;

  get length(): number {
    return this.tickets.length - this.head;
  }

  get first(): number | undefined {
    return this.tickets[this.head];
  }

  push(ticket: number): void {
    this.tickets.push(ticket);
  }

  /** Takes the first one; there must be one. */
  shift(): number {
    const ticket = this.tickets[this.head++] as number;
    if (this.head === this.tickets.length) this.clear();
    return ticket;
  }

  /** Takes one out of anywhere; false when it is not there. */
  remove(ticket: number): boolean {
    const at = this.tickets.indexOf(ticket, this.head);
    if (at >= 0) this.tickets.splice(at, 1);
    return at >= 0;
  }

  clear(): void {
    this.tickets = [];
    this.head = 0;
  }

  toArray(): number[] {
    return this.tickets.slice(this.head);
  }
}
