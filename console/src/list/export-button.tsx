/** Exports what a list finds, in its order and with its shown columns, as a file of the person's choice. */

import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import { useState } from 'react';

import type { ExportedFile, ExportFormat, ExportPath } from '@/api/export';
import { exportList, FORMATS } from '@/api/export';
import { ProblemError } from '@/api/problem';
import { formatCountOf } from '@/format/quantity';
import { useNotifications } from '@/frame/notifications';

const NAMES: Readonly<Record<ExportFormat, string>> = { xlsx: 'Excel workbook (XLSX)', csv: 'CSV', jsonl: 'JSON lines' };

export interface ExportButtonProps {
  readonly path: ExportPath;
  readonly noun: { readonly one: string; readonly many: string };
  readonly filter: string | undefined;
  readonly sort: string | undefined;
  /** Fields of the API that the shown columns show. */
  readonly fields: readonly string[];
}

export function ExportButton({ path, noun, filter, sort, fields }: ExportButtonProps) {
  const { notify } = useNotifications();
  const [busy, setBusy] = useState(false);

  const run = async (format: ExportFormat): Promise<void> => {
    setBusy(true);
    try {
      const file = await exportList(path, { format, filter, sort, fields });
      save(file);
      notify({ id: 'export', type: file.complete ? 'success' : 'warning', content: sentence(file, noun) });
    } catch (error) {
      notify({ id: 'export', type: 'error', content: `The ${noun.many} could not be exported: ${reason(error)}` });
    } finally {
      setBusy(false);
    }
  };

  return (
    <ButtonDropdown
      items={FORMATS.map((format) => ({ id: format, text: NAMES[format] }))}
      loading={busy}
      loadingText={`Exporting ${noun.many}`}
      ariaLabel={`Export ${noun.many}`}
      onItemClick={({ detail }) => {
        const format = FORMATS.find((known) => known === detail.id);
        if (format !== undefined) void run(format);
      }}
    >
      Export
    </ButtonDropdown>
  );
}

function sentence({ name, rows, complete }: ExportedFile, { one, many }: ExportButtonProps['noun']): string {
  const what = rows === null ? `The ${many} are in ${name}.` : `${formatCountOf(rows, `${one} is`, `${many} are`)} in ${name}.`;
  return complete ? what : `${what} Not every source behind them was read completely.`;
}

/** The refused field says more than the problem: what to narrow down, for instance. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'something unexpected happened.';
  const field = error instanceof ProblemError ? error.fields[0] : undefined;
  return field === undefined ? error.message : `${field.detail}; ${field.remedy ?? ''}`;
}

/** Hands a file to the browser, which puts it among the downloads. */
function save({ name, content }: ExportedFile): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken hold of the content by then.
  window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
