/** Prints a filter tree as text. `parse(print(f))` gives `f` back for every tree in normal form. */

import type { Comparison, Group, Term, Value } from './syntax';
import { WORD } from './syntax';

/** The text of a filter; empty for the filter that matches everything. */
export function print(filter: Group): string {
  return filter.terms.map(printTerm).join(` ${filter.connective} `);
}

function printTerm(term: Term): string {
  return term.kind === 'group' ? `(${print(term)})` : printComparison(term);
}

function printComparison({ property, operator, values }: Comparison): string {
  const printed = values.map(printValue);
  const right = printed.length === 1 ? printed[0] : `(${printed.join(', ')})`;
  return `${property} ${operator} ${right}`;
}

/** One value as the grammar writes it: bare where possible, quoted where needed. */
export function printValue(value: Value): string {
  if (value.kind === 'unknown') return 'unknown';
  if (WORD.test(value.text) && value.text !== 'unknown') return value.text;
  return `"${value.text.replace(/["\\]/g, (character) => `\\${character}`)}"`;
}
