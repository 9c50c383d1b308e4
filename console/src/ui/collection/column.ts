/** One definition of a column serves the table, the cards and the preferences. */

import type { ReactNode } from 'react';

export interface Column<T> {
  /** The API's name of the field; also the sort key. */
  readonly id: string;
  readonly header: string;
  readonly cell: (item: T) => ReactNode;
  /** Names the row: always shown, heading of the card, row header of the table. Exactly one column has it. */
  readonly namesRow?: boolean;
  readonly sortable?: boolean;
  /** Left out until somebody chooses it. */
  readonly optional?: boolean;
  /** On cards only ranked columns show, 1 first. */
  readonly rank?: 1 | 2 | 3 | 4;
  /** Fields of the API that the cell shows, where they are not just `id`. */
  readonly fields?: readonly string[];
  /** Initial width in pixels. */
  readonly width?: number;
}

/** Fields of the API that these columns show, each once. */
export const fieldsOf = <T>(columns: readonly Column<T>[]): readonly string[] => [...new Set(columns.flatMap(({ id, fields }) => fields ?? [id]))];

/** The columns to show: the chosen ones in their order, else the default ones. The naming column is always there. */
export function shownColumns<T>(columns: readonly Column<T>[], chosen: readonly string[]): readonly Column<T>[] {
  if (chosen.length === 0) return columns.filter((column) => column.optional !== true);
  const found = chosen.flatMap((id) => columns.find((column) => column.id === id) ?? []);
  const naming = columns.filter((column) => column.namesRow === true && !found.includes(column));
  return [...naming, ...found];
}
