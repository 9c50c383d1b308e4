/**
 * A whole list as a file, through the session's own fetch: a plain link would show a problem document where the access
 * cookie has just expired.
 */

import { problemFrom } from './problem';
import { sessionFetch } from './session-fetch';

/** Formats of the API, in the order in which they are offered. */
export const FORMATS = ['xlsx', 'csv', 'jsonl'] as const;
export type ExportFormat = (typeof FORMATS)[number];

/** Lists that can be exported. */
export type ExportPath = '/api/v1/workspaces' | '/api/v1/sync-runs';

/** What to export: everything the filter finds, in this order, only these fields. */
export interface ExportParameters {
  readonly format: ExportFormat;
  readonly filter: string | undefined;
  readonly sort: string | undefined;
  readonly fields: readonly string[];
}

export interface ExportedFile {
  readonly name: string;
  readonly content: Blob;
  /** Rows in the file; null where the answer does not say. */
  readonly rows: number | null;
  /** Whether every source behind the list was read completely. */
  readonly complete: boolean;
}

/** Reads the file; throws what any other request throws, also where it broke off in the middle. */
export async function exportList(path: ExportPath, { format, filter, sort, fields }: ExportParameters): Promise<ExportedFile> {
  const url = new URL(path, window.location.origin);
  const parameters = { format, filter, sort, fields: fields.join(',') };
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') url.searchParams.set(name, value);
  }
  const response = await sessionFetch(new Request(url));
  if (!response.ok) throw problemFrom(response, await response.json().catch(() => undefined));
  const rows = Number.parseInt(response.headers.get('x-deskfleet-rows') ?? '', 10);
  return {
    name: nameOf(response.headers.get('content-disposition')) ?? `deskfleet.${format}`,
    content: await response.blob(),
    rows: Number.isNaN(rows) ? null : rows,
    complete: !(response.headers.get('x-deskfleet-coverage') ?? '').startsWith('incomplete'),
  };
}

/** The name in a `Content-Disposition`; null for one with anything but plain characters. */
export const nameOf = (disposition: string | null): string | null => /filename="([\w.-]+)"/.exec(disposition ?? '')?.[1] ?? null;
