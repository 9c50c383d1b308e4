/** Filters, sorts and pages rows as the API does, well enough for tests. */

import type { Comparison, Term, Value } from '@/filter';
import { parse } from '@/filter';

import { NOW } from './fleet';

/** A field of a row by the API's name; objects show their `name`. */
function field(row: object, name: string): unknown {
  const value: unknown = Object.entries(row).find(([key]) => key === name)?.[1];
  return typeof value === 'object' && value !== null && 'name' in value ? value.name : value;
}

/** Whether a row satisfies a filter. Throws a `SyntaxError` for a filter that cannot be read. */
export function matcher(filter: string): (row: object) => boolean {
  const parsed = parse(filter);
  if (!parsed.ok) throw new SyntaxError(parsed.message);
  return (row) => parsed.filter.terms.length === 0 || holds(parsed.filter, row);
}

function holds(term: Term, row: object): boolean {
  if (term.kind === 'comparison') return compare(term, row);
  const every = term.connective === 'and';
  return every ? term.terms.every((inner) => holds(inner, row)) : term.terms.some((inner) => holds(inner, row));
}

function compare({ property, operator, values }: Comparison, row: object): boolean {
  const actual = property === 'gone' ? field(row, 'goneAt') !== null : field(row, property);
  const is = (value: Value): boolean => (value.kind === 'unknown' ? actual === null : String(actual) === resolved(value.text));
  if (operator === '=') return values.some(is);
  if (operator === '!=') return !values.some(is);
  const [only] = values;
  if (actual === null || actual === undefined || only === undefined || only.kind === 'unknown') return operator === '!:';
  return ordered(operator, actual, resolved(only.text));
}

function ordered(operator: Comparison['operator'], actual: unknown, wanted: string): boolean {
  const [left, right] = [String(actual).toLowerCase(), wanted.toLowerCase()];
  if (operator === ':') return left.includes(right);
  if (operator === '!:') return !left.includes(right);
  if (operator === '^') return left.startsWith(right);
  const difference = typeof actual === 'number' ? actual - Number(wanted) : left < right ? -1 : left > right ? 1 : 0;
  if (operator === '<') return difference < 0;
  if (operator === '<=') return difference <= 0;
  return operator === '>' ? difference > 0 : difference >= 0;
}

function resolved(text: string): string {
  const days = /^(\d+)d$/.exec(text)?.[1];
  return days === undefined ? text : new Date(Date.parse(NOW) - Number(days) * 86_400_000).toISOString();
}

/** Rows in the order asked for, unknown last, ties by id. */
export function sorted<T extends { readonly id: string }>(rows: readonly T[], sort: string): readonly T[] {
  const descending = sort.startsWith('-');
  const name = sort.replace(/^-/, '');
  const key = (row: T): string => JSON.stringify(field(row, name) ?? '');
  return [...rows].sort((left, right) => {
    const [a, b] = [key(left), key(right)];
    if ((a === '""') !== (b === '""')) return a === '""' ? 1 : -1;
    const order = a < b ? -1 : a > b ? 1 : left.id < right.id ? -1 : 1;
    return descending ? -order : order;
  });
}
