/** From here on a float does not tell integers apart, and is not written as if it did. */
const PLAIN_BELOW = 2 ** 53;

/**
 * A finite float as Erlang, and so RabbitMQ, writes it: the fewest digits that mean this number, always with a point, in
 * the shorter of both notations: 5.0, 0.1, 1.0e22.
 */
export function floatText(value: number): string {
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  const [mantissa = '', exponent = ''] = size.toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const scientific = `${digits[0]}.${digits.slice(1) || '0'}e${exponent.replace('+', '')}`;
  const plain = plainText(digits, Number(exponent) + 1);
  return sign + (size < PLAIN_BELOW && plain.length <= scientific.length ? plain : scientific);
}

/** `pointAt`: how many of the digits stand before the point. */
function plainText(digits: string, pointAt: number): string {
  if (pointAt <= 0) return `0.${'0'.repeat(-pointAt)}${digits}`;
  return `${digits.slice(0, pointAt).padEnd(pointAt, '0')}.${digits.slice(pointAt) || '0'}`;
}
