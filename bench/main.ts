/** npm run bench: brokers take turns, a run each; then the table. */
import { once } from 'node:events';
import { type Options, parseOptions, USAGE, UsageError } from './options.ts';
import { type LabelledRun, reportTable } from './report.ts';
import { type RunResult, runOnce } from './run.ts';

const EXIT_CHECK = 1;
const EXIT_BROKER = 2;
const EXIT_USAGE = 64;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let options: Options;
  try {
    options = parseOptions(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`bench: ${error.message}\n\n${USAGE}`);
    return EXIT_USAGE;
  }
  if (options.help) {
    await print(USAGE);
    return 0;
  }
  const runs: LabelledRun[] = [];
  let status = 0;
  for (let round = 0; round < options.rounds; round++) {
    for (const [index, url] of options.urls.entries()) {
      try {
        const result = await runOnce(url, options, options.pids[index], (line) => {
          if (!options.quiet) process.stderr.write(`${line}\n`);
        });
        const label = options.labels[index] ?? labelOf(result, url, options);
        runs.push({ label, result });
        if (options.json) await print(`${JSON.stringify({ label, url, round: round + 1, ...result })}\n`);
        if (result.good) continue;
        process.stderr.write(`bench: ${complaint(result)}\n`);
        status = Math.max(status, EXIT_CHECK);
      } catch (error) {
        process.stderr.write(`bench: ${url}: ${(error as Error).message}\n`);
        status = EXIT_BROKER;
      }
    }
  }
  if (!options.json && runs.length > 0) await print(`${reportTable(runs)}\n`);
  return status;
}

function labelOf(result: RunResult, url: string, { urls }: Options): string {
  return urls.length > 1 ? `${result.broker} (${new URL(url).host})` : result.broker;
}

function complaint({ lost, duplicated, disordered, unconfirmed }: RunResult): string {
  return `${lost} lost, ${duplicated} duplicated, ${disordered} out of order, ${unconfirmed} never confirmed`;
}

async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}
