/** CPU time of single threads of a process of this machine, as Linux tells it: exact to the microsecond. */
import { readdirSync, readFileSync } from 'node:fs';

export interface ThreadUsage {
  /** Milliseconds since the thread began. */
  readonly main: number;
  readonly broker: number;
}

/** Undefined when there is no such process, or when it is no Warren. */
export function threadUsage(pid: number): ThreadUsage | undefined {
  const broker = brokerThread(pid);
  if (broker === undefined) return undefined;
  return { main: cpuMs(pid, String(pid)), broker: cpuMs(pid, broker) };
}

const known = new Map<number, string>();

/** The broker's thread bears its name. */
function brokerThread(pid: number): string | undefined {
  const held = known.get(pid);
  if (held !== undefined) return held;
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    const found = tasks.find((id) => readFileSync(`/proc/${pid}/task/${id}/comm`, 'utf8').trim() === 'broker');
    if (found !== undefined) known.set(pid, found);
    return found;
  } catch {
    return undefined;
  }
}

function cpuMs(pid: number, task: string): number {
  const [ns] = readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ');
  return Number(ns) / 1e6;
}
