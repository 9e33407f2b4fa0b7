import type { Engine } from '../engine/port.ts';
import type { Call } from './api-route.ts';

const names = new WeakMap<Engine, Promise<string>>();

/** The node's name: nearly every row has it, and it stays as it is while the broker runs. */
export function nodeName({ desk: { engine } }: Pick<Call, 'desk'>): Promise<string> {
  const known = names.get(engine);
  if (known !== undefined) return known;
  const asked = engine.overview().then(({ node }) => node);
  names.set(engine, asked);
  // A refusal is no name.
  asked.catch(() => names.delete(engine));
  return asked;
}
