/** Erlang's own `re`, which RabbitMQ matches names with, to compare patterns with; where Erlang is installed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PatternCase {
  pattern: string;
  isCaseless: boolean;
  names: string[];
}

/** Whether each name is matched; or why the pattern is refused. */
export type PatternAnswer = boolean[] | { reason: string; offset: number };

/** A line a case: pattern and names in hex. It answers a line each. */
const PROGRAM = `
  Text = fun(Hex) -> << <<(list_to_integer([A, B], 16))>> || <<A, B>> <= Hex >> end,
  Options = fun(<<"caseless">>) -> [caseless]; (_) -> [] end,
  Sign = fun(match) -> $1; (nomatch) -> $0 end,
  {ok, Cases} = file:read_file(os:getenv("PATTERN_CASES")),
  lists:foreach(fun(Line) ->
    [Pattern, Case | Names] = binary:split(Line, <<" ">>, [global]),
    io:put_chars(case re:compile(Text(Pattern), Options(Case)) of
      {error, {Reason, Offset}} -> ["refused ", integer_to_list(Offset), " ", Reason, 10];
      {ok, Compiled} -> ["taken ", [Sign(re:run(Text(Name), Compiled, [{capture, none}])) || Name <- Names], 10]
    end)
  end, binary:split(Cases, <<10>>, [global])),
  halt().`;

export function hasErlang(): boolean {
  return spawnSync('erl', ['-version']).status === 0;
}

export function askErlang(cases: readonly PatternCase[]): PatternAnswer[] {
  const folder = mkdtempSync(join(tmpdir(), 'warren-patterns-'));
  const file = join(folder, 'cases');
  const hex = (text: string): string => Buffer.from(text).toString('hex');
  const lines = cases.map(({ pattern, isCaseless, names }) =>
    [hex(pattern), isCaseless ? 'caseless' : '-', ...names.map(hex)].join(' '),
  );
  writeFileSync(file, lines.join('\n'));
  const { stdout, stderr, status } = spawnSync('erl', ['-noshell', '-eval', PROGRAM], {
    env: { ...process.env, PATTERN_CASES: file },
    maxBuffer: 1 << 28,
  });
  rmSync(folder, { recursive: true });
  const answers = stdout.toString('latin1').split('\n').slice(0, -1);
  if (answers.length !== cases.length) throw new Error(`erl ended with ${status}: ${stderr.toString()}`);
  return answers.map((answer) => {
    const [, offset, reason = ''] = /^refused (\d+) (.*)$/.exec(answer) ?? [];
    if (offset !== undefined) return { reason, offset: Number(offset) };
    return [...answer.slice('taken '.length)].map((sign) => sign === '1');
  });
}
