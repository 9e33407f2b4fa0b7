import { createRequire } from 'node:module';
import type { MethodName } from '../../../lib/amqp/method.ts';

interface Definitions {
  encodeMethod(id: number, channel: number, fields: Record<string, unknown>): Buffer;
  encodeProperties(classId: number, channel: number, size: number, fields: Record<string, unknown>): Buffer;
}

const require = createRequire(import.meta.url);
// The package exports its client only.
const definitions: Definitions & Record<string, unknown> = require(
  require.resolve('amqplib').replace(/channel_api\.js$/, 'lib/defs.js'),
);

/** The frames that amqplib makes of a method or of properties. */
export const amqplib = {
  encodeMethod: definitions.encodeMethod,
  encodeProperties: definitions.encodeProperties,
  methodId(name: MethodName): number {
    const theirs = name.replace(/(^|[.-])(\w)/g, (_, __, letter: string) => letter.toUpperCase());
    return definitions[theirs] as number;
  },
};
