import type { Family } from '../figures/figure.ts';

/** `prefix`: of RabbitMQ's families. What it does not have is not given its name. */
export function familyName(prefix: string, { name, isOwn }: Pick<Family, 'name' | 'isOwn'>): string {
  return (isOwn ? prefix.replace('rabbitmq', 'warren') : prefix) + name;
}
