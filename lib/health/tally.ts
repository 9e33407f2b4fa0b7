import { FINDING_KINDS, type Finding, type FindingKind, type Problem } from './problems.ts';
import { countText } from './texts.ts';

/** More of a kind become one: ten lines that say the same hide the eleventh. */
const ONE_BY_ONE_MAX = 3;
const NAMED_MAX = 5;

/** All findings of one kind: their number, and the heaviest of them. */
export class Tally {
  private readonly kind: FindingKind;
  private count = 0;
  /** The heaviest first. */
  private readonly heaviest: Finding[] = [];

  constructor(kind: FindingKind) {
    this.kind = kind;
  }

  add(finding: Finding): void {
    this.count++;
    this.keep(finding);
  }

  addAll({ count, heaviest }: Tally): void {
    this.count += count;
    for (const finding of heaviest) this.keep(finding);
  }

  /** One problem for all of a kind when there are many. */
  problems(): Problem[] {
    const { kind, count, heaviest } = this;
    if (count <= ONE_BY_ONE_MAX) return heaviest.map(({ problem }) => problem);
    const { noun, title, severity, subject } = FINDING_KINDS[kind];
    const named = heaviest.map(({ name, weight }) =>
      kind === 'closed' ? name : `${name} (${weight.toLocaleString('en')})`,
    );
    const rest = count - named.length;
    return [
      {
        key: `many:${kind}`,
        severity,
        title: `${countText(count, noun)} ${title}`,
        cause: `${named.join(', ')}${rest > 0 ? ` and ${rest.toLocaleString('en')} more` : ''}.`,
        subject,
      },
    ];
  }

  private keep(finding: Finding): void {
    const { heaviest } = this;
    let at = heaviest.length;
    while (at > 0 && (heaviest[at - 1] as Finding).weight < finding.weight) at--;
    if (at >= NAMED_MAX) return;
    heaviest.splice(at, 0, finding);
    if (heaviest.length > NAMED_MAX) heaviest.pop();
  }
}
