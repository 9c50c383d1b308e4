/**
 * Between the filter tree and the tokens of Cloudscape's filter bar.
 *
 * A token holds one text. Plain values stand there as they are; what the grammar would read differently (a list,
 * the text "unknown", a text in quotes) stands in the grammar's own notation, so that both ways agree.
 */

import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';

import type { Comparison, Group, Operator, Term, TwoLevels, Value } from '@/filter';
import { OPERATORS, parse, printValue, text, UNKNOWN } from '@/filter';

type TokenOrGroup = PropertyFilterProps.Token | PropertyFilterProps.TokenGroup;

/** Whether the tokens of a property hold a list of values rather than one text. */
export type HoldsList = (property: string, operator: string) => boolean;

/** The tokens that draw a filter. */
export function toQuery({ connective, terms }: TwoLevels, holdsList: HoldsList): PropertyFilterProps.Query {
  const opposite = connective === 'and' ? 'or' : 'and';
  return {
    operation: connective,
    tokens: [],
    tokenGroups: terms.map((term): TokenOrGroup =>
      isComparison(term)
        ? toToken(term, holdsList)
        : { operation: opposite, tokens: term.map((inner) => toToken(inner, holdsList)) },
    ),
  };
}

/** The filter that tokens stand for. Text without a property is looked for in all `searched` properties. */
export function fromQuery(query: PropertyFilterProps.Query, searched: readonly string[]): Group {
  return {
    kind: 'group',
    connective: query.operation,
    terms: (query.tokenGroups ?? query.tokens).map((token) => toTerm(token, searched)),
  };
}

const isComparison = (term: TwoLevels['terms'][number]): term is Comparison => 'kind' in term;

function toToken({ property, operator, values }: Comparison, holdsList: HoldsList): PropertyFilterProps.Token {
  const value = holdsList(property, operator) ? values.map((one) => notation([one])) : notation(values);
  return { propertyKey: property, operator, value };
}

function toTerm(token: TokenOrGroup, searched: readonly string[]): Term {
  if ('tokens' in token) {
    return { kind: 'group', connective: token.operation, terms: token.tokens.map((inner) => toTerm(inner, searched)) };
  }
  const operator: Operator = OPERATORS.find((known) => known === token.operator) ?? '=';
  const values = valuesOf(token.value);
  if (token.propertyKey !== undefined) return { kind: 'comparison', property: token.propertyKey, operator, values };
  return {
    kind: 'group',
    connective: operator.startsWith('!') ? 'and' : 'or',
    terms: searched.map((property) => ({ kind: 'comparison', property, operator, values })),
  };
}

/** A token's text for one value or several. */
function notation(values: readonly Value[]): string {
  const [only] = values;
  if (values.length !== 1 || only === undefined) return `(${values.map(printValue).join(', ')})`;
  if (only.kind === 'unknown') return 'unknown';
  return only.text === 'unknown' || /^["(]/.test(only.text) ? printValue({ ...only, text: only.text }) : only.text;
}

function valuesOf(token: unknown): Value[] {
  if (Array.isArray(token)) return token.flatMap(valuesOf);
  const written = typeof token === 'string' ? token.trim() : JSON.stringify(token ?? '');
  if (written === 'unknown') return [UNKNOWN];
  if (!/^["(]/.test(written)) return [text(written)];
  const parsed = parse(`value = ${written}`);
  const term = parsed.ok ? parsed.filter.terms[0] : undefined;
  return term?.kind === 'comparison' ? [...term.values] : [text(written)];
}
