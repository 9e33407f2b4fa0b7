/** A value that a definition cannot have. The text is for the one who asked; AMQP has no code for it. */
export class InvalidSetting extends Error {
  /** What alone is wrong, where the text says more. */
  readonly reason: string;

  constructor(text: string, reason = text) {
    super(text);
    this.name = 'InvalidSetting';
    this.reason = reason;
  }
}

/** As RabbitMQ words what it finds wrong with parameters and policies, a line each. */
export function validationFailed(...lines: string[]): InvalidSetting {
  return new InvalidSetting(`Validation failed\n\n${lines.join('\n')}\n`);
}
