/**
 * The same steps on Warren and on a RabbitMQ must look the same to clients.
 *
 *   npm run test:differential -- [steps] [seed]
 *
 * Says what differs, with the steps that led there, and ends with the number of differences.
 */
import { startBroker } from '../broker.ts';
import { findOracle } from '../oracle.ts';
import { Dice } from './dice.ts';
import { EXCHANGES, QUEUES, Script } from './script.ts';
import { type Step, stepText } from './step.ts';
import { Subject } from './subject.ts';
import { sameWords } from './versions.ts';

const EPISODE_STEPS = 150;
const SHOWN_STEPS = Number(process.env.SHOWN_STEPS ?? 25);

const [steps = 10_000, seed = 1] = process.argv.slice(2).map(Number);
const oracle = await findOracle();
if (!oracle) throw new Error('there is no RabbitMQ to compare with: install rabbitmq-server or set RABBITMQ_URL');
const warren = await startBroker();
console.log(`${steps} steps with seed ${seed}: Warren as ${warren.version}, RabbitMQ ${oracle.version}`);
let differences = 0;
let done = 0;
for (let episode = 0; done < steps; episode++) {
  const ours = new Subject(warren);
  const theirs = new Subject(oracle);
  await Promise.all([ours.open(), theirs.open()]);
  await Promise.all([ours.clear(QUEUES, EXCHANGES), theirs.clear(QUEUES, EXCHANGES)]);
  await runEpisode(ours, theirs, new Dice(seed * 1_000_003 + episode));
  ours.close();
  theirs.close();
}
await Promise.all([warren.stop(), oracle.stop()]);
console.log(`${done} steps, ${differences} differences`);
process.exitCode = differences === 0 ? 0 : 1;

async function runEpisode(ours: Subject, theirs: Subject, dice: Dice): Promise<void> {
  const script = new Script(dice, ours);
  const past: Step[] = [];
  for (let step = 0; step < EPISODE_STEPS && done < steps; step++) {
    const next = script.next();
    past.push(next);
    done++;
    const [left, right] = await Promise.all([saw(ours, next), saw(theirs, next)]);
    if (left.join('\n') === right.join('\n')) continue;
    if (amongQueues(left, next) === amongQueues(right, next)) return;
    differences++;
    console.log(`\n== difference ${differences}, after\n${past.slice(-SHOWN_STEPS).map(stepText).join('\n')}`);
    console.log(`-- Warren\n${left.join('\n')}\n-- RabbitMQ\n${right.join('\n')}`);
    return;
  }
}

async function saw(subject: Subject, step: Step): Promise<string[]> {
  return (await subject.perform(step)).map(sameWords);
}

/**
 * Queues of a RabbitMQ work side by side: the order of their deliveries on one channel, and so the tags, are anybody's guess. A
 * recover asks a queue twice where messages were got and delivered.
 */
function amongQueues(lines: readonly string[], step: Step): string {
  if (step.name.startsWith('basic.recover')) {
    const anyConsumer = (line: string) => withoutTag(line).replace(/"consumerTag":"\w+"/, '');
    return lines.map(anyConsumer).toSorted().join('\n');
  }
  const consumer = (line: string) => /basic.deliver \{"consumerTag":"(\w+)"/.exec(line)?.[1] ?? '';
  return lines
    .toSorted((a, b) => (consumer(a) < consumer(b) ? -1 : consumer(a) > consumer(b) ? 1 : 0))
    .map(withoutTag)
    .join('\n');
}

function withoutTag(line: string): string {
  return line.replace(/"deliveryTag":\d+/, '');
}
