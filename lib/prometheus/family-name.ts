import type { Family } from '../figures/figure.ts';

/** A family's whole name. `prefix`: the one of RabbitMQ's families, which what RabbitMQ does not have is not given. */
export function familyName(prefix: string, { name, isOwn }: Pick<Family, 'name' | 'isOwn'>): string {
  return (isOwn ? prefix.replace('rabbitmq', 'warren') : prefix) + name;
}
