import { fieldLines, fieldText, fieldTypeName, type TypedTable } from '../../lib/client/fields.ts';
import { keyed } from '../ui/keyed.ts';

/** A field table with its wire types. */
export function FieldTable({ table, label }: { table: TypedTable; label: string }) {
  return (
    <table className="w-full table-fixed text-sm" aria-label={label}>
      <colgroup>
        <col style={{ width: '38%' }} />
        <col />
        <col style={{ width: '6.5rem' }} />
      </colgroup>
      <tbody>
        {keyed(table, ({ name }) => name).map(({ key, item: { name, field } }) => (
          <tr key={key} className="border-line border-b align-top last:border-b-0">
            <th scope="row" className="break-words px-3 py-1.5 text-left font-medium font-mono text-xs leading-5">
              {name}
            </th>
            <td className="break-words px-2 py-1.5 font-mono text-xs leading-5">
              {field.type === 'A' || field.type === 'F' ? (
                <pre className="whitespace-pre-wrap break-words">{fieldLines(field)}</pre>
              ) : (
                fieldText(field)
              )}
            </td>
            <td className="px-3 py-1.5 text-right text-muted text-xs leading-5">{fieldTypeName(field)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
