'use client';
import { useMemo, useState } from 'react';
import { decodeBody, hexDump } from '../../lib/client/body.ts';
import { formatBytes } from '../../lib/client/formats.ts';
import { CodeBlock } from '../ui/code-block.tsx';
import { Segmented } from '../ui/segmented.tsx';

type Form = 'json' | 'text' | 'hex';
const LABELS: Record<Form, string> = { json: 'JSON', text: 'Text', hex: 'Hex' };

/** A body as what it is: JSON, else text, else bytes; the other forms are a click away. */
export function BodyView({ base64, bodySize }: { base64: string; bodySize: number }) {
  const [chosen, setChosen] = useState<Form>();
  const shownBytes = Math.floor((base64.length * 3) / 4) - (base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0);
  const cut = shownBytes < bodySize;
  const decoded = useMemo(() => decodeBody(base64, cut), [base64, cut]);
  if (bodySize === 0) return <p className="text-muted">The body is empty.</p>;
  const forms: Form[] = [
    ...(decoded.json === null ? [] : ['json' as const]),
    ...(decoded.text === null ? [] : ['text' as const]),
    'hex',
  ];
  const form = chosen !== undefined && forms.includes(chosen) ? chosen : (forms[0] as Form);
  const dump = form === 'hex' ? hexDump(decoded.bytes) : undefined;
  const text = dump?.lines ?? (form === 'json' ? decoded.json : decoded.text) ?? '';
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center justify-between gap-2">
        <span className="text-muted text-xs tabular-nums">
          {formatBytes(bodySize)}
          {cut && `, the first ${formatBytes(shownBytes)} are shown`}
          {dump?.cut === true && ', hex is cut at 16 KiB'}
        </span>
        <Segmented
          label="Show the body as"
          value={form}
          options={forms.map((value) => ({ value, label: LABELS[value] }))}
          onChange={setChosen}
        />
      </div>
      <CodeBlock text={text} label="Body" wrap={form !== 'hex'} />
    </div>
  );
}
