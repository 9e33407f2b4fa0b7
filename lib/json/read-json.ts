/** JSON text as values whose numbers are exact. The last of equal names counts, as with every reader of JSON. */
import { type JsonObject, type JsonValue, jsonFloat } from './json-value.ts';
import { JsonError, scanJson } from './scan-json.ts';

/** A table of AMQP may be 64 deep, and one that says its types is three times that in JSON. */
const DEPTH_MAX = 400;
/** The most digits of an integer: more than any number has that means something, and few enough to be read at once. */
const INTEGER_DIGITS_MAX = 400;
const BYTE_ORDER_MARK = '\ufeff';

/** Throws JsonError for what is no JSON, too deep or too large a number. A byte order mark counts for nothing. */
export function readJson(input: string, depthMax = DEPTH_MAX): JsonValue {
  const text = input.startsWith(BYTE_ORDER_MARK) ? input.slice(1) : input;
  const top: JsonValue[] = [];
  /** The objects and lists that are open; the last takes the next value. */
  const open: (JsonValue[] | JsonObject)[] = [top];
  let name = '';
  const put = (value: JsonValue): void => {
    const into = open.at(-1) as JsonValue[] | JsonObject;
    if (Array.isArray(into)) into.push(value);
    else setMember(into, name, value);
  };
  scanJson(
    text,
    {
      open(isObject) {
        const value = isObject ? {} : [];
        put(value);
        open.push(value);
      },
      close() {
        open.pop();
      },
      name(start, end) {
        name = stringOf(text.slice(start, end));
      },
      scalar(start, end) {
        put(scalarOf(text.slice(start, end)));
      },
    },
    depthMax,
  );
  return top[0] as JsonValue;
}

/** Sets a member; an assignment to `__proto__` would do something else. */
function setMember(object: JsonObject, name: string, value: JsonValue): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true });
}

function scalarOf(token: string): JsonValue {
  switch (token) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'null':
      return null;
    default:
      return token[0] === '"' ? stringOf(token) : numberOf(token);
  }
}

function stringOf(token: string): string {
  return token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1);
}

function numberOf(token: string): JsonValue {
  const value = Number(token);
  if (/[.eE]/.test(token)) {
    if (!Number.isFinite(value)) throw new JsonError(`${token} is larger than a double can be`);
    return jsonFloat(value);
  }
  // -0 is the integer 0.
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  if (token.length > INTEGER_DIGITS_MAX) throw new JsonError(`an integer has ${token.length} digits`);
  return BigInt(token);
}
