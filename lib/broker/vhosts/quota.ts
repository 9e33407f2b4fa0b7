/** Limits on what a vhost or a user may have at once. A negative one is none. */
import { isJsonInteger, type JsonObject } from '../../json/json-value.ts';
import { erlangProperties, erlangText } from '../erlang-text.ts';
import { InvalidSetting } from '../invalid-setting.ts';
import type { Limits } from '../ports.ts';

export const VHOST_LIMITS: readonly string[] = ['max-connections', 'max-queues'];
export const USER_LIMITS: readonly string[] = ['max-connections', 'max-channels'];

/** True when no more may be added to `count`. */
export function isReached(limits: Limits, name: string, count: number): boolean {
  const limit = limits[name] ?? -1;
  return limit >= 0 && count >= limit;
}

/** The values as limits. Throws InvalidSetting with RabbitMQ's words; `where` is what they call the place. */
export function checkLimits(known: readonly string[], where: string, values: JsonObject): Limits {
  const unknown = Object.fromEntries(Object.entries(values).filter(([name]) => !known.includes(name)));
  if (Object.keys(unknown).length > 0) {
    throw new InvalidSetting(`Unrecognised terms ${erlangProperties(unknown)} in ${where}`);
  }
  for (const [name, value] of Object.entries(values)) {
    if (isJsonInteger(value)) continue;
    throw new InvalidSetting(`${name} should be a number, actually was ${erlangText(value)}`);
  }
  return values as Limits;
}
