/** AMQP over TLS, as clients meet it: passwords, certificates, and certificates that change. */
import { execFile } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { type ConnectionOptions, connect as dialTls, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { connect, credentials } from 'amqplib';
import { afterAll } from 'vitest';
import { askApi } from './api-client.ts';
import { freePorts } from './broker.ts';
import { CertificateAuthority } from './certificate-authority.ts';
import { test as conformanceTest, describe, expect } from './fixtures.ts';
import { eventually, within } from './patience.ts';

const authority = new CertificateAuthority('Test CA');
const stranger = new CertificateAuthority('Somebody');
const served = authority.sign('/O=Warren/CN=localhost', 'served');
const ann = authority.sign('/O=Warren, Ltd/CN=ann');
afterAll(() => {
  for (const { folder } of [authority, stranger]) rmSync(folder, { recursive: true, force: true });
});
const [amqpsPort] = (await freePorts(1)) as [number];

const test = conformanceTest
  .override('settings', {
    WARREN_AMQPS_PORT: String(amqpsPort),
    WARREN_TLS_CERT: served.cert,
    WARREN_TLS_KEY: served.key,
    WARREN_TLS_CA: authority.cert,
    WARREN_TLS_LOGIN_FROM: 'common_name',
  })
  .extend('admin', ({ broker }, { onCleanup }) => {
    onCleanup(() => {});
    if (!broker.administrator) throw new Error('this broker cannot be administered from here');
    return broker.administrator;
  })
  .extend('user', async ({ admin }, { onCleanup }) => {
    await admin.putUser({ name: 'ann', tags: [] });
    await admin.putPermission({ user: 'ann', vhost: '/', configure: '.*', write: '.*', read: '.*' });
    onCleanup(() => admin.deleteUser('ann'));
    return 'ann';
  });

const ca = [readFileSync(authority.cert)];
const of = ({ cert, key }: { cert: string; key: string }): ConnectionOptions => ({
  cert: readFileSync(cert),
  key: readFileSync(key),
});
const url = `amqps://guest:guest@localhost:${amqpsPort}`;

/** A TLS socket that has been agreed on; rejects when the broker ends it before it has said a byte. */
function agreed(options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = dialTls({ host: '127.0.0.1', port: amqpsPort, servername: 'localhost', ca, ...options });
  const promise = new Promise<TLSSocket>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed')));
    socket.once('secureConnect', () => socket.write('AMQP\x00\x00\x09\x01'));
    socket.once('data', () => resolve(socket));
  });
  return within(promise, 'an answer over TLS').finally(() => socket.destroy());
}

describe.skipIf(process.env.WARREN_CONFORMANCE_URL)('AMQP over TLS', () => {
  test('a client with a password publishes and consumes, large bodies too', async ({ admin }) => {
    const model = await connect(url, { ca });
    const channel = await model.createConfirmChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    const body = Buffer.alloc(700_000, 'warren');
    channel.sendToQueue(queue, body);
    await channel.waitForConfirms();
    const got = await channel.get(queue);
    expect(got !== false && got.content.equals(body)).toBe(true);
    const [shown] = (await admin.listConnections()).filter(({ tls }) => tls !== null);
    expect(shown).toMatchObject({
      port: amqpsPort,
      authMechanism: 'PLAIN',
      tls: { protocol: 'tlsv1.3', keyExchange: 'any', cipher: 'aes_256_gcm', hash: 'aead', peerCertificate: null },
    });
    await model.close();
  });

  test('a client of pika does as well', async ({ broker }) => {
    expect(broker.port).toBeGreaterThan(0);
    const script = `
import pika, ssl
context = ssl.create_default_context(cafile='${authority.cert}')
parameters = pika.ConnectionParameters('localhost', ${amqpsPort}, ssl_options=pika.SSLOptions(context, 'localhost'))
connection = pika.BlockingConnection(parameters)
channel = connection.channel()
queue = channel.queue_declare('', exclusive=True).method.queue
channel.basic_publish('', queue, b'hello')
print(channel.basic_get(queue, auto_ack=True)[2].decode())
connection.close()
`;
    const run = promisify(execFile);
    const installed = await run('/usr/bin/python3', ['-c', 'import pika']).then(
      () => true,
      () => false,
    );
    if (!installed) return;
    expect((await run('/usr/bin/python3', ['-c', script])).stdout.trim()).toBe('hello');
  });

  test('a certificate signs its user in, without a password', async ({ admin, user }) => {
    const model = await connect(url.replace('guest:guest@', ''), {
      ca,
      ...of(ann),
      credentials: credentials.external(),
    });
    const [shown] = (await admin.listConnections()).filter(({ user: name }) => name === user);
    expect(shown).toMatchObject({
      authMechanism: 'EXTERNAL',
      tls: {
        peerCertificate: {
          subject: 'CN=ann,O=Warren\\, Ltd',
          issuer: 'CN=Test CA',
          validity: expect.stringMatching(/^20\d\d-\d\d-\d\dT[\d:]{8}Z - 20\d\d-\d\d-\d\dT[\d:]{8}Z$/),
        },
      },
    });
    await model.close();
  });

  test('a certificate of nobody we know signs nobody in, and none signs nobody in', async ({ broker }) => {
    expect(broker.port).toBeGreaterThan(0);
    const nobody = authority.sign('/CN=nobody');
    for (const options of [of(nobody), {}]) {
      const external = { ca, ...options, credentials: credentials.external() };
      await expect(connect(url.replace('guest:guest@', ''), external)).rejects.toThrow(
        /403.*Login was refused using authentication mechanism EXTERNAL/,
      );
    }
  });

  test('EXTERNAL is not for connections without TLS', async ({ dial }) => {
    const wire = dial();
    const { mechanisms } = await wire.start({ mechanism: 'EXTERNAL' });
    expect(mechanisms.toString()).toBe('PLAIN AMQPLAIN');
    expect(await wire.zero.refusal()).toMatchObject({
      code: 503,
      text: "COMMAND_INVALID - invalid authentication mechanism 'EXTERNAL'",
    });
  });

  test('a certificate that the CA does not vouch for is refused, password or not', async ({ broker }) => {
    expect(broker.port).toBeGreaterThan(0);
    await expect(agreed(of(stranger.sign('/CN=ann')))).rejects.toThrow();
    await agreed(of(ann));
  });

  test('who speaks plain AMQP to the TLS port is dropped, and others do not notice', async ({ dial, broker }) => {
    const wire = dial();
    await wire.start();
    wire.close();
    const plain = dialTls({ host: '127.0.0.1', port: broker.port, ca });
    await expect(new Promise((_, reject) => plain.once('error', reject))).rejects.toThrow();
    await agreed();
  });

  test('new certificates hold for new connections, without a restart', async ({ broker }) => {
    expect(broker.port).toBeGreaterThan(0);
    const before = await connect(url, { ca });
    const serial = async (): Promise<string> => {
      const socket = dialTls({ host: '127.0.0.1', port: amqpsPort, servername: 'localhost', ca });
      await new Promise((resolve) => socket.once('secureConnect', resolve));
      const { serialNumber } = socket.getPeerCertificate();
      socket.destroy();
      return serialNumber;
    };
    const old = await serial();
    const fresh = authority.sign('/CN=localhost');
    // The two do not fit together for a moment: nothing happens until they do.
    copyFileSync(fresh.cert, served.cert);
    copyFileSync(fresh.key, served.key);
    expect(await eventually(serial, (now) => now !== old)).not.toBe(old);
    const channel = await before.createChannel();
    await channel.assertQueue('', { exclusive: true });
    await before.close();
    rmSync(served.key);
    await agreed();
  });
});

describe('the health check of certificates', () => {
  test('passes while they hold, and names those that end too soon', async ({ broker }) => {
    const check = (within: string) => askApi(broker, 'GET', `/health/checks/certificate-expiration/${within}`);
    expect(await check('0/days')).toMatchObject({ status: 200, body: { status: 'ok' } });
    const failed = await check('200/years');
    expect(failed).toMatchObject({ status: 503, body: { status: 'failed', reason: 'Certificates expiring' } });
    expect(failed.body.expired).toMatchObject([{ port: amqpsPort, certfile: served.cert, cacertfile: authority.cert }]);
    expect((await check('1/fortnights')).status).toBe(400);
  });
});
