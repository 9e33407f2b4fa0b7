/** What answers hold of anybody's making: arguments, headers, definitions of policies. */
import * as z from 'zod';
import type { JsonValue } from '../../engine/administration.ts';
import type { JsonObject } from './given.ts';

export const json = z.custom<JsonValue>((value) => value !== undefined);

export const jsonObject = z
  .custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value))
  .meta({ type: 'object' });
