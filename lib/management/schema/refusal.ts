/** How a request is refused, and what is wrong with a body, in RabbitMQ's words. */
import * as z from 'zod';

export const error = z.strictObject({ error: z.string(), reason: z.string() }).meta({ id: 'Error' });

const LINE_MAX = 80;

/** A list as Erlang prints it: on one line where it fits, else each term on its own. */
function listText(terms: string[]): string {
  const line = `[${terms.join(',')}]`;
  return line.length <= LINE_MAX ? line : `[${terms.join(',\n ')}]`;
}

/** All that are missing; otherwise the first that is wrong. */
export function refusalText({ issues }: z.ZodError): string {
  const missing = issues.filter(({ path, input }) => path.length === 1 && input === undefined);
  if (missing.length > 0) return listText(missing.map(({ path }) => `{key_missing,${String(path[0])}}`));
  const [issue] = issues;
  if (issue === undefined) return 'not_json';
  const { message, path } = issue;
  const name = path.findLast((part) => typeof part === 'string');
  return /^not_\w+$/.test(message) && name !== undefined ? `{${message},${name}}` : message;
}
