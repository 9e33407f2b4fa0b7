/** A text that is no pattern, or one that is not supported. `reason` is PCRE's own where it has one. */
export class InvalidPattern extends Error {
  readonly reason: string;
  /** Bytes of the pattern before the place where the fault shows. */
  readonly offset: number;

  constructor(reason: string, offset: number) {
    super(`${reason} at byte ${offset}`);
    this.name = 'InvalidPattern';
    this.reason = reason;
    this.offset = offset;
  }

  /** The fault as Erlang shows it, and so RabbitMQ: `{"missing )",1}`. */
  get term(): string {
    return `{${JSON.stringify(this.reason)},${this.offset}}`;
  }
}
