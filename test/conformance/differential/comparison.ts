/** As many episodes as it takes to make so many steps, all from one seed. */
import { Dice } from './dice.ts';
import { type Difference, Episode } from './episode.ts';
import { stepText } from './step.ts';
import type { Address } from './subject.ts';

const EPISODE_STEPS_MAX = 150;
/** Each is about something else. */
const EPISODES_MIN = 6;
const SHOWN_STEPS = Number(process.env.SHOWN_STEPS ?? 25);

export interface Comparison {
  readonly done: number;
  readonly differences: readonly Difference[];
  /** How often each excuse was needed, by name. */
  readonly excused: ReadonlyMap<string, number>;
}

export async function compare(
  warren: Address,
  oracle: Address,
  steps: number,
  seed: number,
  say: (text: string) => void = () => {},
): Promise<Comparison> {
  const differences: Difference[] = [];
  const excused = new Map<string, number>();
  const length = Math.min(EPISODE_STEPS_MAX, Math.ceil(steps / EPISODES_MIN));
  let done = 0;
  for (let number = 0; done < steps; number++) {
    const episode = new Episode(warren, oracle, new Dice(seed * 1_000_003 + number));
    await episode.run(Math.min(length, steps - done));
    done += episode.steps.length;
    for (const [name, times] of episode.excused) excused.set(name, (excused.get(name) ?? 0) + times);
    if (!episode.difference) continue;
    differences.push(episode.difference);
    say(`\n== difference ${differences.length}, in episode ${number}, after ${differenceText(episode.difference)}`);
  }
  return { done, differences, excused };
}

export function differenceText({ steps, ours, theirs }: Difference): string {
  const last = steps.slice(-SHOWN_STEPS).map(stepText);
  return ['', ...last, '-- Warren', ...ours, '-- RabbitMQ', ...theirs].join('\n');
}
