import { type Field, type FieldTable, findField } from '../../amqp/field-table.ts';
import { FIELD_TYPE_NAMES } from '../../amqp/field-type.ts';
import { AmqpError } from '../../amqp/reply-code.ts';
import { comparable } from '../comparable-field.ts';
import { fieldText } from '../erlang-text.ts';
import type { Binding, Destination } from './binding.ts';
import type { ExchangeType } from './exchange-type.ts';

const MODES = ['all', 'any', 'all-with-x', 'any-with-x'] as const;
type Mode = (typeof MODES)[number];

interface Rule {
  binding: Binding;
  any: boolean;
  wanted: FieldTable;
}

/** Bindings ask for headers: all of them or any. Keys that start with x- count only in the *-with-x modes. */
export class HeadersType implements ExchangeType {
  readonly isPerMessage = true;
  private readonly rules = new Map<Binding, Rule>();

  checkBinding(_destination: Destination, _routingKey: string, args: FieldTable): void {
    const match = findField(args, 'x-match');
    if (match === undefined) return;
    if (match.type !== 'S') {
      const said = `${FIELD_TYPE_NAMES[match.type]} (value ${shown(match)})`;
      throw new AmqpError('PRECONDITION_FAILED', `Invalid x-match field type ${said}; expected longstr`);
    }
    if (!MODES.includes(match.value as Mode)) {
      throw new AmqpError(
        'PRECONDITION_FAILED',
        `Invalid x-match field value <<"${match.value}">>; expected all, any, all-with-x, or any-with-x`,
      );
    }
  }

  add(binding: Binding): void {
    const match = findField(binding.arguments, 'x-match');
    const mode = match?.type === 'S' ? String(match.value) : 'all';
    const withX = mode.endsWith('-with-x');
    const wanted = binding.arguments.filter(([name]) => name !== 'x-match' && (withX || !name.startsWith('x-')));
    this.rules.set(binding, { binding, any: mode.startsWith('any'), wanted });
  }

  remove(binding: Binding): void {
    this.rules.delete(binding);
  }

  route(_routingKey: string, headers: () => FieldTable, found: Set<Destination>): void {
    if (this.rules.size === 0) return;
    const present = new Map<string, Field>();
    for (const [name, field] of headers()) if (!present.has(name)) present.set(name, field);
    for (const rule of this.rules.values()) if (matches(rule, present)) found.add(rule.binding.destination);
  }

  probe(): ExchangeType {
    return new HeadersType();
  }
}

function matches(rule: Rule, present: Map<string, Field>): boolean {
  const holds = ([name, wanted]: FieldTable[number]): boolean => {
    const field = present.get(name);
    return field !== undefined && (wanted.type === 'V' || comparable(wanted) === comparable(field));
  };
  return rule.any ? rule.wanted.some(holds) : rule.wanted.every(holds);
}

/** Numbers and booleans as they are; of what holds more only that it does. */
function shown(field: Field): string {
  if (field.type === 'V') return 'undefined';
  if (field.type === 'x') return `<<"${field.value}">>`;
  return field.type === 'D' || typeof field.value === 'object' ? '...' : fieldText(field);
}
