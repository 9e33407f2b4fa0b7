/**
 * Reads the entries of lists in a file of definitions: the right fields with the right types. What is wrong is noted
 * with the entry's name and its position, so that all of it can be said at once.
 */
import type { DefinitionEntry } from '../engine/definitions.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';

/** Ends the reading of one entry; its text says what is wrong with it. */
class WrongEntry extends Error {}

/** The fields of one entry. A field that is null is as one that is absent. */
export class Fields {
  private readonly fields: JsonObject;

  constructor(object: JsonObject) {
    this.fields = object;
  }

  text(name: string, otherwise?: string): string {
    const value = this.optionalText(name) ?? otherwise;
    return value === undefined ? wrong(`${name} is missing`) : value;
  }

  optionalText(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'string') return value;
    return wrong(`${name} must be a text`);
  }

  /** A short text of the protocol. */
  shortText(name: string, otherwise?: string): string {
    const value = this.text(name, otherwise);
    return Buffer.byteLength(value) > 255 ? wrong(`${name} is longer than 255 bytes`) : value;
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.value(name) ?? otherwise;
    return typeof value === 'boolean' ? value : wrong(`${name} must be true or false`);
  }

  optionalFlag(name: string): boolean | undefined {
    return this.value(name) === undefined ? undefined : this.flag(name, false);
  }

  /** A list of texts, or one text with commas as older releases wrote it. */
  optionalTags(name: string): string[] | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const tags = typeof value === 'string' ? value.split(',').map((tag) => tag.trim()) : value;
    if (!Array.isArray(tags) || tags.some((tag) => typeof tag !== 'string')) return wrong(`${name} must be texts`);
    return (tags as string[]).filter((tag) => tag !== '');
  }

  object(name: string): JsonObject {
    return this.optionalObject(name) ?? {};
  }

  optionalObject(name: string): JsonObject | undefined {
    const value = this.value(name);
    // An empty table was an empty list to some releases.
    if (value === undefined || (Array.isArray(value) && value.length === 0)) return undefined;
    return isJsonObject(value) ? value : wrong(`${name} must be an object`);
  }

  /** Anything, but there. */
  any(name: string): JsonValue {
    const value = this.fields[name];
    return value === undefined ? wrong(`${name} is missing`) : value;
  }

  /** The value of the field; undefined when it is absent. */
  value(name: string): JsonValue | undefined {
    return this.fields[name] ?? undefined;
  }
}

/** Refuses the entry that is being read. */
export function wrong(reason: string): never {
  throw new WrongEntry(reason);
}

/** The entries of `document[list]`; wrong ones are left out and said in `errors`. Undefined leaves one out silently. */
export function readList<T>(
  document: JsonObject,
  list: string,
  errors: string[],
  read: (fields: Fields) => T | undefined,
  nameOf: (fields: Fields) => string = (fields) => String(fields.value('name') ?? ''),
): DefinitionEntry<T>[] {
  const entries = document[list] ?? [];
  if (!Array.isArray(entries)) {
    errors.push(`${list} must be a list`);
    return [];
  }
  return entries.flatMap((entry, index) => {
    const path = `${list}[${index}]`;
    if (!isJsonObject(entry)) {
      errors.push(`${path}: must be an object`);
      return [];
    }
    const fields = new Fields(entry);
    const name = nameOf(fields);
    const at = name === '' ? path : `${path} '${name}'`;
    try {
      const value = read(fields);
      return value === undefined ? [] : [{ at, value }];
    } catch (error) {
      if (!(error instanceof WrongEntry)) throw error;
      errors.push(`${at}: ${error.message}`);
      return [];
    }
  });
}
