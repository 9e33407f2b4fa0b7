import { AmqpError } from '../amqp/reply-code.ts';
import type { DefinitionChange } from './ports.ts';

/** Applies durable changes in the order of the calls. */
export interface DefinitionLog {
  apply(changes: DefinitionChange[]): Promise<void>;
  /** A promise of everything applied so far being stored; undefined when it is. */
  pending(): Promise<void> | undefined;
}

/**
 * Stores changes, most of which memory has seen already. When that fails, `undo` takes those back and the promise rejects
 * with INTERNAL_ERROR. Undefined: there was nothing to store.
 */
export function store(
  log: DefinitionLog,
  changes: DefinitionChange[],
  undo: () => void = () => {},
): Promise<void> | undefined {
  if (changes.length === 0) return undefined;
  return log.apply(changes).catch(() => {
    undo();
    throw new AmqpError('INTERNAL_ERROR', 'the definition could not be stored');
  });
}
