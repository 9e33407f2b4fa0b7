/** Texts in forms that the protocol wants short. */
import * as z from 'zod/mini';
import { shortStringProblem } from '../fields/short-string.ts';

/** What is wrong with it, as a sentence; undefined: nothing. */
export function shortTextProblem(text: string): string | undefined {
  const problem = shortStringProblem(text);
  return problem === null ? undefined : `This ${problem}.`;
}

export const shortText = z.string().check(({ value, issues }) => {
  const message = shortTextProblem(value);
  if (message !== undefined) issues.push({ code: 'custom', input: value, message });
});

/** The name of something that the broker makes no name up for. */
export const requiredName = shortText.check(z.minLength(1, 'It needs one.'));
