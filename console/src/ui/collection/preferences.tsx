/** Columns and their order, rows a page, wrapping, density. */

import CollectionPreferences from '@cloudscape-design/components/collection-preferences';

import type { Column } from './column';

export interface CollectionChoices {
  readonly columns: readonly string[];
  readonly pageSize: number;
  readonly wrapLines: boolean;
  readonly density: 'comfortable' | 'compact';
}

export interface PreferencesProps<T> {
  readonly columns: readonly Column<T>[];
  readonly pageSizes: readonly number[];
  readonly noun: string;
  readonly choices: CollectionChoices;
  readonly onChoose: (choices: CollectionChoices) => void;
}

export function Preferences<T>({ columns, pageSizes, noun, choices, onChoose }: PreferencesProps<T>) {
  const hidden = columns.filter((column) => !choices.columns.includes(column.id)).map((column) => column.id);
  return (
    <CollectionPreferences
      title="Preferences"
      preferences={{
        pageSize: choices.pageSize,
        wrapLines: choices.wrapLines,
        contentDensity: choices.density,
        contentDisplay: [
          ...choices.columns.map((id) => ({ id, visible: true })),
          ...hidden.map((id) => ({ id, visible: false })),
        ],
      }}
      pageSizePreference={{
        title: 'Page size',
        options: pageSizes.map((value) => ({ value, label: `${value} ${noun}` })),
      }}
      wrapLinesPreference={{ label: 'Wrap lines', description: 'Show the whole text of a cell on several lines' }}
      contentDensityPreference={{ label: 'Compact', description: 'Less space, everywhere in the console' }}
      contentDisplayPreference={{
        title: 'Columns',
        description: 'Choose the columns and their order',
        options: columns.map(({ id, header, namesRow }) => ({ id, label: header, alwaysVisible: namesRow === true })),
      }}
      onConfirm={({ detail }) =>
        onChoose({
          pageSize: detail.pageSize ?? choices.pageSize,
          wrapLines: detail.wrapLines ?? choices.wrapLines,
          density: detail.contentDensity ?? choices.density,
          columns: detail.contentDisplay?.filter((column) => column.visible).map((column) => column.id) ?? choices.columns,
        })
      }
    />
  );
}
