/** What every list understands: a name filter, sorting, pages and columns, in RabbitMQ's parameters and words. */
import { floatValue } from '../json/json-value.ts';
import { InvalidPattern } from '../pattern/invalid-pattern.ts';
import { compilePattern, type Pattern, patternSteps } from '../pattern/pattern.ts';
import type { Call, Reply } from './api-route.ts';
import { ok } from './api-route.ts';
import { badRequest, Failure } from './failure.ts';
import { PAGE_SIZE, PAGE_SIZE_MAX } from './schema/list.ts';

/** Steps of a pattern on all names of a list: a part of a second. Patterns that mean no harm take next to none. */
const PATTERN_STEPS_MAX = 20_000_000;

type Item = Record<string, unknown>;

/** A list of which only what is shown is built. */
export interface LongList<T> {
  things: readonly T[];
  nameOf(thing: T): string;
  /** '' where things are in no vhost. */
  vhostOf(thing: T): string;
  /** What the query sorts by; not asked when it does not sort. */
  keyOf(thing: T): unknown;
  /** Rows in the order of `shown`; what is gone meanwhile is left out. */
  rows(shown: readonly T[]): Item[] | Promise<Item[]>;
}

/** The list as the query wants it. A row is made only when it is shown or sorted by, so that long lists stay cheap. */
export function listing<T extends object>(
  call: Call,
  things: readonly T[],
  row: (thing: T) => Item = (t) => t as Item,
): Reply {
  const made = new Map<T, Item>();
  const rowOf = (thing: T): Item => {
    const item = made.get(thing) ?? row(thing);
    made.set(thing, item);
    return item;
  };
  const keys = call.query.get('sort')?.split('.') ?? [];
  const nameOf = (thing: T): string => ('name' in thing ? String(thing.name) : '');
  const vhostOf = (thing: T): string => ('vhost' in thing ? String(thing.vhost) : '');
  const cut = cutOf(call.query, { things, nameOf, vhostOf, keyOf: (thing) => at(rowOf(thing), keys) });
  return replyOf(call.query, cut, things.length, cut.shown.map(rowOf));
}

/** The list as the query wants it, where rows cost more than what they are sorted by. */
export async function longListing<T>({ query }: Call, list: LongList<T>): Promise<Reply> {
  const cut = cutOf(query, list);
  return replyOf(query, cut, list.things.length, await list.rows(cut.shown));
}

/** What a query leaves of a list, and which part of it. */
interface Cut<T> {
  shown: readonly T[];
  filtered: number;
  /** Null: the whole list was asked for. */
  page: { number: number; size: number; count: number } | null;
}

function cutOf<T>(query: URLSearchParams, { things, nameOf, vhostOf, keyOf }: Omit<LongList<T>, 'rows'>): Cut<T> {
  const filtered = filter(things, nameOf, query);
  // As with RabbitMQ: by vhost and name, and what is the same in the wanted column as well.
  const named = [...filtered].sort((a, b) => compare(vhostOf(a), vhostOf(b)) || compare(nameOf(a), nameOf(b)));
  const sorted = query.get('sort') ? sortedBy(named, keyOf) : named;
  if (query.get('sort_reverse') === 'true') sorted.reverse();
  if (!query.has('page')) return { shown: sorted, filtered: sorted.length, page: null };
  const { page, size } = pageOf(query);
  const count = Math.max(1, Math.ceil(sorted.length / size));
  if (page > count)
    throw new Failure(
      400,
      'page_out_of_range',
      `Page out of range, page: ${page} page size: ${size}, len: ${sorted.length}`,
    );
  return {
    shown: sorted.slice((page - 1) * size, page * size),
    filtered: sorted.length,
    page: { number: page, size, count },
  };
}

function replyOf(query: URLSearchParams, { filtered, page }: Cut<unknown>, total: number, rows: Item[]): Reply {
  const items = rows.map((row) => columns(row, query));
  if (page === null) return ok(items);
  return ok({
    filtered_count: filtered,
    item_count: items.length,
    items,
    page: page.number,
    page_count: page.count,
    page_size: page.size,
    total_count: total,
  });
}

/** One object, in the columns that were asked for. */
export function single(call: Call, item: object): Reply {
  return ok(columns(item as Item, call.query));
}

function filter<T>(things: readonly T[], nameOf: (thing: T) => string, query: URLSearchParams): readonly T[] {
  const name = query.get('name');
  if (name === null || name === '' || !query.has('page')) return things;
  if (query.get('use_regex') !== 'true') {
    const part = name.toLowerCase();
    return things.filter((thing) => nameOf(thing).toLowerCase().includes(part));
  }
  // As RabbitMQ has it: in lists, and nowhere else, in either case.
  const matches = matcherOf(name, true);
  return things.filter((thing) => matches(nameOf(thing)));
}

/** Tells whether a name matches. Refuses what is no pattern, and at a name one that takes too long. */
export function matcherOf(source: string, isCaseless: boolean): (name: string) => boolean {
  const pattern = patternOf(source, isCaseless);
  const stepsMax = patternSteps() + PATTERN_STEPS_MAX;
  return (name) => {
    if (patternSteps() > stepsMax) throw badRequest('the pattern takes too long');
    return pattern.test(name);
  };
}

function patternOf(source: string, isCaseless: boolean): Pattern {
  try {
    return compilePattern(source, isCaseless);
  } catch (error) {
    throw error instanceof InvalidPattern ? badRequest(`{invalid_regex,${error.term}}`) : error;
  }
}

function pageOf(query: URLSearchParams): { page: number; size: number } {
  const page = integer(query, 'page') ?? 1;
  const asked = integer(query, 'page_size');
  const size = asked ?? PAGE_SIZE;
  if (page >= 1 && size >= 1 && size <= PAGE_SIZE_MAX) return { page, size };
  const reason = `Invalid pagination parameters: page number ${page}, page size ${asked}`;
  throw new Failure(400, 'invalid_pagination_parameters', reason);
}

/** A parameter as an integer; undefined where it is left out or empty. */
function integer(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === '') return undefined;
  const parsed = Number(value);
  if (!Number.isSafeInteger(parsed)) throw badRequest('Pagination parameters are invalid');
  return parsed;
}

/** Keys are read once each, and not again for every comparison. */
function sortedBy<T>(things: readonly T[], keyOf: (thing: T) => unknown): T[] {
  const keyed = things.map((thing) => ({ thing, key: keyOf(thing) }));
  return keyed.sort((a, b) => compare(a.key, b.key)).map(({ thing }) => thing);
}

/** Nothing comes before everything, as with RabbitMQ. */
function compare(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (a === undefined || a === null) return -1;
  if (b === undefined || b === null) return 1;
  const [left, right] = [numberOf(a), numberOf(b)];
  if (left !== undefined && right !== undefined) return left < right ? -1 : left > right ? 1 : 0;
  return String(a) < String(b) ? -1 : 1;
}

function numberOf(value: unknown): number | bigint | undefined {
  return typeof value === 'number' || typeof value === 'bigint' ? value : floatValue(value);
}

function at(item: unknown, keys: string[]): unknown {
  let value = item;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.hasOwn(value, key) ? (value as Item)[key] : undefined;
  }
  return value;
}

/** `columns=name,message_stats.publish_details.rate` keeps these alone. */
function columns(item: Item, query: URLSearchParams): Item {
  const wanted = query.get('columns');
  if (!wanted) return item;
  const result: Item = {};
  for (const column of wanted.split(',')) {
    const keys = column.split('.');
    const value = at(item, keys);
    if (value === undefined) continue;
    let into = result;
    for (const key of keys.slice(0, -1)) {
      const next = Object.hasOwn(into, key) ? (into[key] as Item) : {};
      into[key] = next;
      into = next;
    }
    into[keys.at(-1) as string] = value;
  }
  return result;
}
