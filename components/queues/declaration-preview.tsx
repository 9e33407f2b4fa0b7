'use client';
import { useState } from 'react';
import type { TypedTable } from '../../lib/client/fields.ts';
import { queueSnippet, SNIPPET_LANGUAGES, type SnippetLanguage } from '../../lib/client/snippets.ts';
import { FieldTable } from '../messages/field-table.tsx';
import { CodeBlock } from '../ui/code-block.tsx';
import { Panel } from '../ui/panel.tsx';
import { Segmented } from '../ui/segmented.tsx';

/** What will be declared, and how a program would say the same. */
export function DeclarationPreview({
  name,
  durable,
  autoDelete,
  table,
}: {
  name: string;
  durable: boolean;
  autoDelete: boolean;
  table: TypedTable;
}) {
  const [language, setLanguage] = useState<SnippetLanguage>('JavaScript');
  return (
    <div className="grid min-w-0 gap-4">
      <Panel title="Arguments" flush={table.length > 0}>
        {table.length === 0 ? (
          <p className="text-muted">None: a plain queue.</p>
        ) : (
          <FieldTable table={table} label="Arguments" />
        )}
      </Panel>
      <Panel
        title="In a program"
        actions={
          <Segmented
            label="Language"
            value={language}
            options={SNIPPET_LANGUAGES.map((value) => ({ value, label: value }))}
            onChange={setLanguage}
          />
        }
      >
        <CodeBlock
          text={queueSnippet(language, { name, durable, autoDelete, arguments: table })}
          label="code"
          wrap={false}
        />
      </Panel>
    </div>
  );
}
