/**
 * The same steps on Warren and on a RabbitMQ must look the same to clients.
 *
 *   npm run test:differential -- [steps] [seed]
 *
 * Says what differs, with the steps that led there, what was excused by which rule, and ends with the number of differences.
 */
import { startBroker } from '../broker.ts';
import { findOracle } from '../oracle.ts';
import { compare } from './comparison.ts';

const [steps = 10_000, seed = 1] = process.argv.slice(2).map(Number);
if (!(steps > 0 && Number.isInteger(seed))) throw new Error('usage: npm run test:differential -- [steps] [seed]');
const oracle = await findOracle();
if (!oracle) throw new Error('there is no RabbitMQ to compare with: install rabbitmq-server or set RABBITMQ_URL');
const warren = await startBroker();
console.log(`${steps} steps with seed ${seed}: Warren as ${warren.version}, RabbitMQ ${oracle.version}`);
const { done, differences, excused } = await compare(warren, oracle, steps, seed, console.log);
await Promise.all([warren.stop(), oracle.stop()]);
for (const [name, times] of excused) console.log(`excused ${times} times: ${name}`);
console.log(`${done} steps, ${differences.length} differences`);
process.exitCode = differences.length === 0 ? 0 : 1;
