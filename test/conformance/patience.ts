/** How long a test waits for what must come. */
const PATIENCE_MS = 10_000;
const POLL_MS = 10;

export async function within<T>(promise: Promise<T>, what: string, ms = PATIENCE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come within ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Asks again until the answer is as expected; then, or when patience ends, returns the last answer. */
export async function eventually<T>(
  ask: () => Promise<T> | T,
  expected: (answer: T) => boolean,
  ms = PATIENCE_MS,
): Promise<T> {
  const deadline = performance.now() + ms;
  for (;;) {
    const answer = await ask();
    if (expected(answer) || performance.now() > deadline) return answer;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
