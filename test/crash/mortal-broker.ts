/** A broker in a child process that a test may kill, and start again on the same directory. */
import { type ChildProcess, fork } from 'node:child_process';
import { type ChannelModel, connect } from 'amqplib';
import { freePorts } from '../conformance/broker.ts';

export async function start(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const [amqpPort, consolePort] = await freePorts(2);
  const env = { PORT: String(consolePort), WARREN_AMQP_PORT: String(amqpPort), WARREN_DATA_DIR: dataDir };
  const child = fork(new URL('../conformance/broker-process.ts', import.meta.url), [], {
    env: { ...process.env, ...env, WARREN_LOG_LEVEL: 'error' },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', () => reject(new Error('the broker did not start')));
  });
  return { child, url: `amqp://guest:guest@127.0.0.1:${amqpPort}` };
}

export async function open(url: string): Promise<ChannelModel> {
  const model = await connect(url);
  // Every connection here ends with the broker's death.
  model.on('error', () => {});
  return model;
}

export async function ended(child: ChildProcess, end: 'kill' | 'stop'): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  if (end === 'kill') child.kill('SIGKILL');
  else child.disconnect();
  await gone;
}
