/** What came with a delivery or a return, as text that is the same from every version. */
import { type Field, type FieldTable, findField } from '../../../lib/amqp/field-table.ts';
import type { Content, Incoming } from '../wire-channel.ts';
import { plain } from './step.ts';

/** Longer bodies are told by their beginning, their length and their end. */
const SHOWN_MAX = 40;

export function contentText(method: Incoming, version: string): string {
  const { properties, body } = method.content as Content;
  const { headers } = properties;
  const known = version.startsWith('3.') && headers ? withLastDeath(headers) : headers;
  return `'${shown(body)}' ${plain({ ...properties, headers: known && comparable(known) })}`;
}

function shown(body: Buffer): string {
  if (body.length <= SHOWN_MAX) return body.toString();
  return `${body.toString('utf8', 0, 10)} ${body.length} bytes ${body.toString('utf8', body.length - 10)}`;
}

/** Since 3.13 there are headers on the last death; they say what the newest entry of x-death says. */
function withLastDeath(headers: FieldTable): FieldTable {
  const history = findField(headers, 'x-death');
  const newest = history?.type === 'A' ? history.value[0] : undefined;
  if (newest?.type !== 'F') return headers;
  const last = newest.value.flatMap(([name, field]): FieldTable => {
    return ['exchange', 'queue', 'reason'].includes(name) ? [[`x-last-death-${name}`, field]] : [];
  });
  return [...headers, ...last];
}

function comparable(table: FieldTable): unknown {
  return Object.fromEntries(
    [...table].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, field]) => [name, value(name, field)]),
  );
}

function value(name: string, field: Field): unknown {
  if (field.type === 'F') return comparable(field.value);
  if (field.type === 'A') return field.value.map((one) => value('', one));
  // The time of day.
  if (name === 'time') return { [field.type]: 'now' };
  return { [field.type]: 'value' in field ? String(field.value) : '' };
}
