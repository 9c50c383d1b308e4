/** What can be filtered by, and how each kind of value is compared. */

import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';

/** `choice` has few values and can be compared with several at once. */
export type PropertyKind = 'text' | 'choice' | 'number' | 'instant' | 'boolean';

export interface FilterProperty {
  /** The API's name of the field. */
  readonly key: string;
  readonly label: string;
  /** Heading in the list of suggestions. */
  readonly group: string;
  readonly kind: PropertyKind;
  /** Known values; for a choice others may exist as well. */
  readonly options?: readonly FilterOption[];
  /** Typed text without a property is looked for in these. */
  readonly searched?: boolean;
}

export interface FilterOption {
  readonly value: string;
  readonly label?: string;
}

const OPERATORS: Readonly<Record<PropertyKind, readonly string[]>> = {
  text: ['=', '!=', ':', '!:', '^'],
  choice: ['=', '!='],
  number: ['=', '!=', '>', '>=', '<', '<='],
  instant: ['<', '<=', '>', '>=', '=', '!='],
  boolean: ['=', '!='],
};

const BOOLEANS: readonly FilterOption[] = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
];

const AGE_UNITS: Readonly<Record<string, string>> = { m: 'minute', h: 'hour', d: 'day', w: 'week' };

const AGES: readonly FilterOption[] = ['1d', '7d', '30d', '90d'].map((value) => ({ value, label: ageInWords(value) }));

const DEFAULT_OPTIONS: Readonly<Record<PropertyKind, readonly FilterOption[]>> = {
  text: [],
  choice: [],
  number: [],
  instant: AGES,
  boolean: BOOLEANS,
};

/** `30d` -> `30 days ago`; anything else as it is. */
export function ageInWords(value: string): string {
  const [, count, letter = ''] = /^(\d+)([mhdw])$/.exec(value) ?? [];
  const unit = AGE_UNITS[letter];
  return count === undefined || unit === undefined ? value : `${count} ${unit}${count === '1' ? '' : 's'} ago`;
}

/** The property as Cloudscape wants it. */
export function filteringProperty({ key, label, group, kind }: FilterProperty): PropertyFilterProps.FilteringProperty {
  const format = (value: unknown): string => wordsFor(kind, value);
  return {
    key,
    propertyLabel: label,
    groupValuesLabel: `${label} values`,
    group,
    defaultOperator: kind === 'text' ? ':' : kind === 'instant' ? '<' : '=',
    operators: OPERATORS[kind].map((operator) => ({
      operator,
      ...(kind === 'choice' ? { tokenType: 'enum' as const } : { format }),
    })),
  };
}

/** The values offered for a property. Every property can also be unknown. */
export function filteringOptions({ key, kind, options }: FilterProperty): PropertyFilterProps.FilteringOption[] {
  const offered = [...(options ?? DEFAULT_OPTIONS[kind]), { value: 'unknown', label: 'unknown' }];
  return offered.map(({ value, label }) => ({ propertyKey: key, value, label: label ?? value }));
}

function wordsFor(kind: PropertyKind, value: unknown): string {
  const written = String(value);
  if (kind === 'instant') return ageInWords(written);
  if (kind === 'boolean') return BOOLEANS.find((option) => option.value === written)?.label ?? written;
  return written;
}
