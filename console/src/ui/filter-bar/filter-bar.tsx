/**
 * The filter of a list: tokens over the text that stands in the address.
 *
 * A text that cannot be read or drawn (edited by hand, or nested too deep) is shown as it is, with the place of the
 * mistake and one button to clear it; the bar never drops part of a filter silently.
 */

import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import PropertyFilter from '@cloudscape-design/components/property-filter';
import type { Ref } from 'react';
import { useMemo } from 'react';

import { EVERYTHING, parse, print, twoLevels } from '@/filter';
import { merge } from '@/filter/two-levels';

import type { FilterProperty } from './property';
import { filteringOptions, filteringProperty } from './property';
import { fromQuery, toQuery } from './tokens';

export interface FilterBarProps {
  readonly filter: string | undefined;
  readonly properties: readonly FilterProperty[];
  /** What is counted, in the plural: "Find WorkSpaces". */
  readonly noun: string;
  /** To focus the bar. */
  readonly ref?: Ref<PropertyFilterProps.Ref>;
  /** How many match, in words. */
  readonly countText: string;
  /** Gets the new text, or undefined for no filter. */
  readonly onChange: (filter: string | undefined) => void;
}

export function FilterBar({ ref, filter, properties, noun, countText, onChange }: FilterBarProps) {
  const parsed = parse(filter ?? '');
  const drawn = parsed.ok ? twoLevels(parsed.filter) : undefined;
  const bar = useMemo(
    () => ({
      properties: properties.map(filteringProperty),
      options: properties.flatMap(filteringOptions),
      known: new Set(properties.map((property) => property.key)),
      searched: properties.filter((property) => property.searched === true).map((property) => property.key),
      choices: new Set(properties.filter((property) => property.kind === 'choice').map((property) => property.key)),
    }),
    [properties],
  );
  if (drawn === undefined) {
    return <Unreadable filter={filter ?? ''} reason={parsed.ok ? null : parsed} onClear={() => onChange(undefined)} />;
  }
  return (
    <PropertyFilter
      {...(ref !== undefined && { ref })}
      query={toQuery(drawn, (property, operator) => bar.choices.has(property) && (operator === '=' || operator === '!='))}
      onChange={({ detail }) => {
        const printed = print(merge(fromQuery(detail, bar)));
        onChange(printed === print(EVERYTHING) ? undefined : printed);
      }}
      filteringProperties={bar.properties}
      filteringOptions={bar.options}
      freeTextFiltering={{ operators: [':', '!:', '=', '^'], defaultOperator: ':' }}
      enableTokenGroups
      expandToViewport
      countText={countText}
      filteringAriaLabel={`Find ${noun}`}
      filteringPlaceholder={`Find ${noun}`}
      filteringEmpty="No suggestion"
      tokenLimit={6}
    />
  );
}

interface UnreadableProps {
  readonly filter: string;
  /** The parser's refusal; null when the filter is fine and only too deep to draw. */
  readonly reason: { readonly message: string; readonly at: number } | null;
  readonly onClear: () => void;
}

function Unreadable({ filter, reason, onClear }: UnreadableProps) {
  return (
    <Alert
      type={reason === null ? 'info' : 'error'}
      header={reason === null ? 'This filter is too deep to draw' : 'The filter in the address cannot be read'}
      action={<Button onClick={onClear}>Clear filter</Button>}
    >
      {reason === null ? 'It is applied as written: ' : `Character ${reason.at + 1}: ${reason.message}. `}
      <code className="filter-text">{filter}</code>
    </Alert>
  );
}
