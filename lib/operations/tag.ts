/** RabbitMQ's tags of users: what opens console and API, and the least of them that an operation takes. */

export type Tag = 'management' | 'policymaker' | 'monitoring' | 'administrator';

const TAGS: readonly string[] = ['management', 'policymaker', 'monitoring', 'administrator'];

/** Every tag opens what `management` opens, and nothing beside what it names itself; administrators may do everything. */
export function mayUse(tags: readonly string[], least: Tag): boolean {
  if (least === 'management') return tags.some((tag) => TAGS.includes(tag));
  return tags.includes('administrator') || tags.includes(least);
}
