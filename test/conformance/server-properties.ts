/** What a broker says of itself before anybody signs in. */
import { connect } from 'node:net';
import { findField } from '../../lib/amqp/field-table.ts';
import { FrameReader, PROTOCOL_HEADER } from '../../lib/amqp/frame.ts';
import { decodeMethod, type MethodArguments } from '../../lib/amqp/method.ts';

export async function serverProperties(host: string, port: number): Promise<{ product: string; version: string }> {
  const start = await new Promise<MethodArguments['connection.start']>((resolve, reject) => {
    const socket = connect({ host, port });
    const frame = (_type: number, _channel: number, buffer: Buffer, from: number, to: number): boolean => {
      const method = decodeMethod(buffer, from, to);
      if (method.name === 'connection.start') resolve(method.arguments);
      socket.destroy();
      return true;
    };
    const reader = new FrameReader({ frame }, 0);
    socket.on('data', (chunk: Buffer) => reader.push(chunk));
    socket.on('error', reject);
    socket.write(PROTOCOL_HEADER);
  });
  const text = (name: string): string => {
    const field = findField(start.serverProperties, name);
    return field?.type === 'S' ? String(field.value) : '';
  };
  return { product: text('product'), version: text('version') };
}
