/** What answers hold of anybody's making: arguments, headers, definitions of policies. */
import * as z from 'zod';
import { isJsonInteger, isJsonObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';

export const json = z.custom<JsonValue>((value) => value !== undefined);

export const jsonObject = z.custom<JsonObject>(isJsonObject).meta({ type: 'object' });

/** Limits of a vhost or a user, by name. */
export const limits = z
  .custom<Record<string, number | bigint>>((value) => isJsonObject(value) && Object.values(value).every(isJsonInteger))
  .meta({ type: 'object', additionalProperties: { type: 'integer' } });

/** Seconds since 1970, as a message says them: 64 bits without a sign. */
export const seconds = z.custom<number | bigint>(isJsonInteger).meta({ type: 'integer' });
