/** The threads of one run. The first failure of any of them ends the run. */
import { Worker } from 'node:worker_threads';
import type { ThreadOrder, ThreadReport, ThreadResult, ThreadTask } from './thread-protocol.ts';

const ANSWER_MS = 60_000;

export class Crew {
  readonly #workers: Worker[];
  readonly #failure: Promise<never>;
  #fail: (error: Error) => void = () => {};

  private constructor(workers: Worker[]) {
    this.#workers = workers;
    this.#failure = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.#failure.catch(() => {});
    for (const worker of workers) {
      worker.on('error', (error) => this.#fail(error as Error));
      worker.on('message', (report: ThreadReport) => {
        if (report.kind === 'failed') this.#fail(new Error(report.reason));
      });
    }
  }

  /** Resolves when all connections are open and all consumers subscribed. */
  static async gather(task: Omit<ThreadTask, 'thread'>): Promise<Crew> {
    const workers = Array.from(
      { length: task.plan.threads },
      (_, thread) => new Worker(new URL('./thread.ts', import.meta.url), { workerData: { ...task, thread } }),
    );
    const crew = new Crew(workers);
    try {
      await crew.#all('ready');
    } catch (error) {
      await crew.dismiss();
      throw error;
    }
    return crew;
  }

  start(): void {
    this.#order('start');
  }

  async stop(): Promise<void> {
    const stopped = this.#all('stopped');
    this.#order('stop');
    await stopped;
  }

  async finish(): Promise<ThreadResult[]> {
    const finished = this.#all('finished');
    this.#order('finish');
    return (await finished).map((report) => (report as Extract<ThreadReport, { kind: 'finished' }>).result);
  }

  async dismiss(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  /** Waits, unless the run fails meanwhile. */
  pause(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    return Promise.race([over, this.#failure]).finally(() => clearTimeout(timer));
  }

  #order(order: ThreadOrder): void {
    for (const worker of this.#workers) worker.postMessage(order);
  }

  #all(kind: ThreadReport['kind']): Promise<ThreadReport[]> {
    const each = this.#workers.map(
      (worker) =>
        new Promise<ThreadReport>((resolve) => {
          const heard = (report: ThreadReport): void => {
            if (report.kind !== kind) return;
            worker.off('message', heard);
            resolve(report);
          };
          worker.on('message', heard);
        }),
    );
    const late = this.pause(ANSWER_MS).then(() =>
      Promise.reject(new Error(`a thread was not ${kind} within ${ANSWER_MS / 1000} s`)),
    );
    return Promise.race([Promise.all(each), late]);
  }
}
