/** What policies say, in words for pages: a browser's numbers would not hold all of them. */
import type { JsonObject } from '../json/json-value.ts';
import { writeJson } from '../json/write-json.ts';

interface Governed {
  effectivePolicyDefinition: JsonObject;
}

export type WithPolicyTexts<T extends Governed> = Omit<T, 'effectivePolicyDefinition'> & {
  /** The text of each value by its key. */
  effectivePolicyDefinition: Record<string, string>;
};

export function withPolicyTexts<T extends Governed>(thing: T): WithPolicyTexts<T> {
  const texts = Object.entries(thing.effectivePolicyDefinition).map(
    ([name, value]) => [name, typeof value === 'string' ? value : writeJson(value)] as const,
  );
  return { ...thing, effectivePolicyDefinition: Object.fromEntries(texts) };
}
