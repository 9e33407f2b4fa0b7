/**
 * What an audit must not keep: values of names that speak of a secret, at any depth, and passwords in URLs.
 */
import { floatValue } from '../json/json-value.ts';

const SECRET_NAME =
  /passw|passphrase|passcode|(^|[-_. ])pass$|secret|token|credential|authorization|private.?key|api.?key|hashing|(^|[-_. ])hash$/i;
/** Name and password in front of a host. The name stays. */
const PASSWORD_IN_URL = /([a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*):[^\s/?#]*@/gi;
/** Whatever is nested deeper is not shown at all. */
const DEPTH_MAX = 64;

function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** The same plain data without secrets; what had one is left out, never shown as empty. */
export function withoutSecrets(data: unknown, depth = 0): unknown {
  if (typeof data === 'string') return data.replaceAll(PASSWORD_IN_URL, '$1:…@');
  if (typeof data !== 'object' || data === null || floatValue(data) !== undefined) return data;
  if (depth === DEPTH_MAX) return '…';
  if (Array.isArray(data)) return data.map((value) => withoutSecrets(value, depth + 1));
  // A parameter or an argument has its name beside its value.
  const isNamed = 'name' in data && typeof data.name === 'string' && isSecretName(data.name);
  const shown = Object.entries(data).filter(
    ([name]) => !isSecretName(name) && !(isNamed && (name === 'value' || name === 'field')),
  );
  return Object.fromEntries(shown.map(([name, value]) => [name, withoutSecrets(value, depth + 1)]));
}
