import * as z from 'zod';
import { type ReplayResult, replay } from '../deadletter/replay.ts';
import { objectName, vhostName } from './fields.ts';
import { filterFrom, filterInput } from './message-filter.ts';
import { detailOf, operation } from './operation.ts';

const SELECTION_MAX = 10_000;

/** The input of a replay, and of the question what a replay would do. */
export const replayInput = z
  .strictObject({
    vhost: vhostName,
    queue: objectName,
    /** Absent: all messages that are there when the replay begins. */
    positions: z.array(z.string().max(64)).min(1).max(SELECTION_MAX).optional(),
    /** Of all messages, only those for which this holds. */
    filter: z.strictObject(filterInput).optional(),
    target: objectName.optional(),
    targetFor: z.enum(['all', 'needing']).default('all'),
    force: z.boolean().default(false),
    pushOut: z.boolean().default(false),
  })
  .refine(({ positions, filter }) => positions === undefined || filter === undefined, 'either positions or a filter')
  .transform(({ filter, ...rest }) => ({
    ...rest,
    filter: filter === undefined ? undefined : filterFrom(filter).filter,
  }));

export const replayDeadLetters = operation({
  action: 'dead-letter.replay',
  role: 'management',
  input: replayInput,
  run: (desk, actor, input): Promise<ReplayResult> => replay(desk.engine, actor, input),
  note: ({ vhost, queue, positions, filter, target, targetFor, force, pushOut }, output) => ({
    vhost,
    object: queue,
    detail: detailOf(
      positions === undefined ? 'all' : `${positions.length} selected`,
      filter === undefined ? '' : `for which holds ${JSON.stringify(filter)}`,
      target === undefined ? '' : `to '${target}'${targetFor === 'needing' ? ' what needs a target' : ''}`,
      force ? 'forced' : '',
      pushOut ? 'pushing out the oldest of full queues' : '',
      output === undefined ? '' : replayOutcome(output),
    ),
  }),
});

function replayOutcome({ moved, movedTo, skipped, stopped }: ReplayResult): string {
  const skippedCount = skipped.reduce((sum, { count }) => sum + count, 0);
  const places = movedTo.map(({ queue, count }) => `${count} to '${queue}'`).join(', ');
  return detailOf(
    `${moved} moved${moved === 0 ? '' : ` (${places})`}`,
    skippedCount === 0 ? '' : `${skippedCount} skipped`,
    stopped === null ? '' : `stopped: ${stopped}`,
  );
}
