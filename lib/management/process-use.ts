/** What the operating system lets this process have, and what it has. */
import { readdirSync, readFileSync } from 'node:fs';

interface ProcessCounts {
  files: number;
  threads: number;
}

/** Where the system does not tell: what Linux allows a process by default. */
const UNKNOWN: ProcessCounts = { files: 1024, threads: 32_768 };
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

export function processUse(): ProcessCounts {
  const entries = (path: string): number => {
    try {
      return readdirSync(path).length;
    } catch {
      return 0;
    }
  };
  return { files: entries('/proc/self/fd'), threads: entries('/proc/self/task') };
}
