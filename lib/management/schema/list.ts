/** Lists and what every query of one may say. */
import * as z from 'zod';

export const PAGE_SIZE = 100;
export const PAGE_SIZE_MAX = 500;

/** An array, or a page of it where the query names one. */
export function listOf<T extends z.ZodType>(row: T) {
  const page = z.strictObject({
    filtered_count: z.int(),
    item_count: z.int(),
    items: z.array(row),
    page: z.int(),
    page_count: z.int(),
    page_size: z.int(),
    total_count: z.int(),
  });
  return z.union([z.array(row), page]);
}

/** What one name in a query means. */
export const said = (description: string) => z.string().optional().meta({ description });

export const columnsQuery = z.object({
  columns: said('These fields alone, with commas between them and dots inside; as name,message_stats.publish.'),
});

export const listQuery = columnsQuery.extend({
  page: said('From 1. The answer is an object with the items of that page.'),
  page_size: said(`Rows of a page: ${PAGE_SIZE} when it is left out, ${PAGE_SIZE_MAX} at most.`),
  name: said('A part of the name, or a regular expression with use_regex; only with page.'),
  use_regex: said('true: name is a regular expression.'),
  sort: said('The field that rows are sorted by; dots lead inside.'),
  sort_reverse: said('true: from the last to the first.'),
});

/** The query of a list of objects with figures. */
export const figuresQuery = z.object({
  lengths_age: said('Seconds of history of lengths; with lengths_incr.'),
  lengths_incr: said('Seconds between two samples of lengths.'),
  msg_rates_age: said('Seconds of history of rates; with msg_rates_incr.'),
  msg_rates_incr: said('Seconds between two samples of rates.'),
});

export const nodeStatsQuery = z.object({
  node_stats_age: said('Seconds of history of the node, and of what came and went; with node_stats_incr.'),
  node_stats_incr: said('Seconds between two samples of these.'),
});

export const statsQuery = figuresQuery.extend({
  disable_stats: said('true: without any figures.'),
});

export const totalsQuery = statsQuery.extend({
  enable_queue_totals: said('true, with disable_stats: the numbers of messages nevertheless.'),
});

export const memoryQuery = z.object({ memory: said('true: with the parts of its memory.') });

export const downloadQuery = z.object({ download: said('The name of a file that a browser is to save it as.') });
