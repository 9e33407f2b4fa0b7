/** Runtime parameters, global ones, and limits. */
import * as z from 'zod';
import { jsonValue } from '../../operations/fields.ts';
import { json, limits } from './json.ts';
import { anyNumber } from './sent-value.ts';

export const parameterPut = z.object({ value: jsonValue });

export const parameterShape = z
  .strictObject({ component: z.string(), vhost: z.string(), name: z.string(), value: json })
  .meta({ id: 'Parameter' });

export const globalParameterShape = z.strictObject({ name: z.string(), value: json }).meta({ id: 'GlobalParameter' });

export const limitPut = z.object({ value: anyNumber });

export const vhostLimitsShape = z.strictObject({ vhost: z.string(), value: limits }).meta({ id: 'VhostLimits' });
export const userLimitsShape = z.strictObject({ user: z.string(), value: limits }).meta({ id: 'UserLimits' });
