import * as z from 'zod';
import { jsonObject } from './json.ts';
import { counted } from './stats.ts';

export const connectionShape = z
  .strictObject({
    name: z.string(),
    user_provided_name: z.string().optional(),
    node: z.string(),
    state: z.enum(['running', 'flow', 'blocking', 'blocked', 'closing']),
    user: z.string(),
    user_who_performed_action: z.string(),
    vhost: z.string(),
    protocol: z.string(),
    type: z.literal('network'),
    host: z.string(),
    port: z.int(),
    peer_host: z.string(),
    peer_port: z.int(),
    ssl: z.boolean(),
    ssl_protocol: z.string().nullable(),
    ssl_key_exchange: z.string().nullable(),
    ssl_cipher: z.string().nullable(),
    ssl_hash: z.string().nullable(),
    peer_cert_subject: z.string().nullable(),
    peer_cert_issuer: z.string().nullable(),
    peer_cert_validity: z.string().nullable(),
    auth_mechanism: z.string(),
    /** Seconds between heartbeats; 0: none. */
    timeout: z.int(),
    frame_max: z.int(),
    channel_max: z.int(),
    channels: z.int(),
    connected_at: z.int(),
    client_properties: jsonObject,
    ...counted(['recv_oct', 'send_oct']),
    recv_cnt: z.int(),
    send_cnt: z.int(),
    send_pend: z.int(),
  })
  .meta({ id: 'Connection' });

export type ConnectionRow = z.output<typeof connectionShape>;
