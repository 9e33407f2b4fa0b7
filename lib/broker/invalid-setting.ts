/** A value that a definition cannot have. The text is for the one who asked; AMQP has no code for it. */
export class InvalidSetting extends Error {
  constructor(text: string) {
    super(text);
    this.name = 'InvalidSetting';
  }
}

/** As RabbitMQ words what it finds wrong with parameters and policies, a line each. */
export function validationFailed(...lines: string[]): InvalidSetting {
  return new InvalidSetting(`Validation failed\n\n${lines.join('\n')}\n`);
}
