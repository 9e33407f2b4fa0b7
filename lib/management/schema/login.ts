import * as z from 'zod';

export const loginAttempts = z
  .strictObject({
    protocol: z.enum(['http', 'amqp091']),
    auth_attempts: z.int(),
    auth_attempts_failed: z.int(),
    auth_attempts_succeeded: z.int(),
  })
  .meta({ id: 'LoginAttempts' });
