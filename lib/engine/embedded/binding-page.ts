/** A part of a list of bindings. Only what is shown is described. */
import type { Binding } from '../../broker/exchanges/binding.ts';
import type { BindingInfo, BindingQuestion } from '../bindings.ts';
import type { ListPage } from '../lists.ts';
import { bindingInfo } from './views.ts';

export function bindingPage(bindings: Iterable<Binding>, question: BindingQuestion): ListPage<BindingInfo> {
  const { of, text = '', offset = 0, limit = Number.POSITIVE_INFINITY } = question;
  const part = text.toLowerCase();
  const otherEnd = ({ source, destination }: Binding): string => ('source' in of ? destination.name : source.name);
  const isWanted = (binding: Binding): boolean =>
    part === '' || [otherEnd(binding), binding.routingKey].some((name) => name.toLowerCase().includes(part));
  const rows: BindingInfo[] = [];
  let [total, matching] = [0, 0];
  for (const binding of bindings) {
    total++;
    if (!isWanted(binding)) continue;
    if (matching >= offset && rows.length < limit) rows.push(bindingInfo(binding));
    matching++;
  }
  return { rows, total, matching };
}
