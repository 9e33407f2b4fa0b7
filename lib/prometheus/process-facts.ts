import { readdir, readFile } from 'node:fs/promises';

/** What the machine says of this process. Null: this machine does not say it. */
export interface ProcessFacts {
  residentBytes: number;
  openFds: number | null;
  maxFds: number | null;
}

export async function processFacts(): Promise<ProcessFacts> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return {
    residentBytes: process.memoryUsage.rss(),
    // One is open for looking.
    openFds: await readdir('/proc/self/fd').then(
      (names) => names.length - 1,
      () => null,
    ),
    maxFds: soft === undefined ? null : Number(soft),
  };
}
