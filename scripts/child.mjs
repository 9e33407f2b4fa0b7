/** Commands of this project's own node_modules as child processes that end with this one. */
import { spawn } from 'node:child_process';

/** What a child that had to be ended has to clean up in. */
const GRACE_MS = 5_000;

/**
 * Runs a Node program and resolves with its exit code. While it runs, signals are passed on to it. One that takes longer
 * than `limitMs` is ended, and its code is 124.
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, limitMs?: number }} [options]
 * @returns {Promise<number>}
 */
export function runNode(args, { env = process.env, limitMs } = {}) {
  const child = spawn(process.execPath, args, { stdio: 'inherit', env });
  let overdue = false;
  const timer = limitMs === undefined ? undefined : setTimeout(end, limitMs);
  function end() {
    overdue = true;
    console.error(`${args[0]} did not end within ${(limitMs ?? 0) / 60_000} minutes`);
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
  }
  /** @param {NodeJS.Signals} signal */
  const passOn = (signal) => child.kill(signal);
  process.on('SIGINT', passOn).on('SIGTERM', passOn);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      process.off('SIGINT', passOn).off('SIGTERM', passOn);
      if (overdue) resolve(124);
      else resolve(signal === 'SIGINT' || signal === 'SIGTERM' ? 130 : (code ?? 1));
    });
  });
}
