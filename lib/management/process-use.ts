/** What the operating system lets this process have, and what it has. */
import { readdirSync, readFileSync } from 'node:fs';

interface ProcessCounts {
  files: number;
  threads: number;
}

/** Where the system does not tell: what Linux allows a process by default. */
const UNKNOWN: ProcessCounts = { files: 1024, threads: 32_768 };
const TASKS = '/proc/self/task';
let limits: ProcessCounts | undefined;

export function processLimits(): ProcessCounts {
  limits ??= readLimits();
  return limits;
}

function readLimits(): ProcessCounts {
  try {
    const text = readFileSync('/proc/self/limits', 'utf8');
    const soft = (name: string) => Number(new RegExp(`^${name}\\s+(\\d+)`, 'm').exec(text)?.[1]);
    return {
      files: soft('Max open files') || UNKNOWN.files,
      threads: soft('Max processes') || UNKNOWN.threads,
    };
  } catch {
    return UNKNOWN;
  }
}

export interface ProcessUse extends ProcessCounts {
  /** That want a processor now, besides the one that asks. */
  runnableThreads: number;
}

export function processUse(): ProcessUse {
  const threads = entries(TASKS);
  return {
    files: entries('/proc/self/fd').length,
    threads: threads.length,
    runnableThreads: Math.max(0, threads.filter(isRunnable).length - 1),
  };
}

function entries(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function isRunnable(thread: string): boolean {
  try {
    const stat = readFileSync(`${TASKS}/${thread}/stat`, 'utf8');
    // The name before it may have any character in it, closing parentheses too.
    return stat.slice(stat.lastIndexOf(')')).startsWith(') R');
  } catch {
    return false;
  }
}
