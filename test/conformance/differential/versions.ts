/** What differs between the RabbitMQ that Warren is (4.2) and the one that can be had (3.10), and is no difference. */

/** One wording for what both say in words of their own. */
export function sameWords(line: string): string {
  // Dead letters with a key of their own lost their CC header up to 3.12.
  return line.includes('"x-death"') ? line.replace(/"CC":\[[^\]]*\],?/, '') : line;
}
