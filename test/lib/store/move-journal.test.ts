import { describe, expect, test } from 'vitest';
import { type JournaledMove, outcomeOf } from '../../../lib/store/move-journal.ts';

/** 'a1>b2': what was at position 1 of log a goes to position 2 of log b. */
function moves(...texts: string[]): JournaledMove[] {
  return texts.map((text) => {
    const [, source, sourcePosition, target, targetPosition] = /^(\w)(\d)>(\w)(\d)$/.exec(text) as RegExpExecArray;
    return {
      source,
      sourcePosition: Number(sourcePosition),
      target,
      targetPosition: Number(targetPosition),
    } as JournaledMove;
  });
}

function outcome(journaled: JournaledMove[], written: string[]): { left: string[]; undone: string[] } {
  const { left, undone } = outcomeOf(journaled, (log, position) => written.includes(`${log}${position}`));
  return {
    left: left.map(({ log, position }) => `${log}${position}`).sort(),
    undone: undone.map(({ at, from }) => `${at.log}${at.position} of ${from.log}${from.position}`),
  };
}

describe('what became of moves when a batch was interrupted', () => {
  test('one that arrived has left', () => {
    expect(outcome(moves('a1>b2'), ['b2'])).toEqual({ left: ['a1'], undone: [] });
  });

  test('one that did not arrive never moved', () => {
    expect(outcome(moves('a1>b2'), [])).toEqual({ left: [], undone: [] });
  });

  test('one that went on has arrived where it went on from, whether or not that place was ever written', () => {
    expect(outcome(moves('a1>b2', 'b2>c3'), ['c3'])).toEqual({ left: ['a1', 'b2'], undone: [] });
    expect(outcome(moves('a1>b2', 'b2>c3'), ['b2'])).toEqual({ left: ['a1'], undone: [] });
    expect(outcome(moves('a1>b2', 'b2>a3'), ['a3'])).toEqual({ left: ['a1', 'b2'], undone: [] });
  });

  test('one with several targets arrives at all of them or at none', () => {
    expect(outcome(moves('a1>b2', 'a1>c3'), ['b2', 'c3'])).toEqual({ left: ['a1'], undone: [] });
    expect(outcome(moves('a1>b2', 'a1>c3'), ['b2'])).toEqual({ left: [], undone: ['b2 of a1'] });
  });
});
