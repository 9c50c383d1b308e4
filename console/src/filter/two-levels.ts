/**
 * Brings any filter into the shape the filter bar can draw: a group of comparisons and of groups of comparisons.
 *
 * Nested groups of the same connective are merged, which changes nothing. Deeper trees become an "or" of "and"s
 * (disjunctive normal form), which means the same but can be long; beyond `MOST` comparisons nothing is drawn and
 * the bar shows the text instead. The API always gets the text as it was written.
 */

import type { Comparison, Connective, Group, Term } from './syntax';

/** Beyond this many comparisons tokens no longer help anyone. */
const MOST = 60;

/** A filter of at most two levels. */
export interface TwoLevels {
  readonly connective: Connective;
  readonly terms: readonly (Comparison | readonly Comparison[])[];
}

/** The same filter in two levels, or `undefined` where that would be too long to read. */
export function twoLevels(filter: Group): TwoLevels | undefined {
  const merged = merge(filter);
  const drawn = isTwoLevels(merged) ? shallow(merged) : disjunction(merged);
  return drawn !== undefined && drawn.terms.flat().length <= MOST ? drawn : undefined;
}

/** Lifts groups into a parent of the same connective, and single terms out of their group. */
export function merge(group: Group): Group {
  const terms = group.terms.flatMap((term): readonly Term[] => {
    if (term.kind === 'comparison') return [term];
    const inner = merge(term);
    return inner.connective === group.connective || inner.terms.length === 1 ? inner.terms : [inner];
  });
  const [only] = terms;
  return terms.length === 1 && only?.kind === 'group' ? only : { ...group, terms };
}

const comparisonsOf = (group: Group): Comparison[] => group.terms.flatMap((term) => (term.kind === 'comparison' ? [term] : []));

function isTwoLevels(group: Group): boolean {
  return group.terms.every((term) => term.kind === 'comparison' || term.terms.every((inner) => inner.kind === 'comparison'));
}

function shallow(group: Group): TwoLevels {
  return { connective: group.connective, terms: group.terms.map((term) => (term.kind === 'comparison' ? term : comparisonsOf(term))) };
}

function disjunction(filter: Group): TwoLevels | undefined {
  const rows = alternatives(filter);
  if (rows === undefined) return undefined;
  return { connective: 'or', terms: rows.map((row) => (row.length === 1 && row[0] ? row[0] : row)) };
}

/** Every way to satisfy a term: each row is a list of comparisons that must all hold. */
function alternatives(term: Term): Comparison[][] | undefined {
  if (term.kind === 'comparison') return [[term]];
  const parts: Comparison[][][] = [];
  for (const inner of term.terms) {
    const rows = alternatives(inner);
    if (rows === undefined) return undefined;
    parts.push(rows);
  }
  if (term.connective === 'or') return parts.flat();
  let product: Comparison[][] = [[]];
  for (const rows of parts) {
    product = product.flatMap((left) => rows.map((right) => [...left, ...right]));
    if (product.flat().length > MOST) return undefined;
  }
  return product;
}
