import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Comparison, Group, Term, Value } from '.';
import { EVERYTHING, OPERATORS, parse, print, takesList, text, twoLevels, UNKNOWN } from '.';
import { merge } from './two-levels';

const value: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(UNKNOWN),
  fc.string().map(text),
  fc.constantFrom('unknown', 'and', 'or', 'a"b\\c', '30d', '2026-11-25T02:00:00Z', 'ws-0a1b', '').map(text),
);

const comparison: fc.Arbitrary<Comparison> = fc
  .record({
    property: fc.constantFrom('state', 'region', 'lastConnectedAt', 'order', 'android', 'unknown'),
    operator: fc.constantFrom(...OPERATORS),
    values: fc.array(value, { minLength: 1, maxLength: 3 }),
  })
  .map(({ property, operator, values }) => ({
    kind: 'comparison',
    property,
    operator,
    values: takesList(operator) ? values : values.slice(0, 1),
  }));

/** Groups in normal form: nested groups hold at least two terms, as only those need parentheses. */
const { group } = fc.letrec<{ group: Group; term: Term }>((tie) => ({
  term: fc.oneof({ maxDepth: 3, withCrossShrink: true }, comparison, tie('group')),
  group: fc.record({
    kind: fc.constant('group' as const),
    connective: fc.constantFrom('and' as const, 'or' as const),
    terms: fc.array(tie('term'), { minLength: 2, maxLength: 4 }),
  }),
}));

describe('print and parse', () => {
  it('give every filter back', () => {
    fc.assert(
      fc.property(group, (filter) => {
        expect(parse(print(filter))).toEqual({ ok: true, filter });
      }),
    );
  });

  it('print what they parsed from the same text', () => {
    fc.assert(
      fc.property(comparison, (only) => {
        const printed = print({ kind: 'group', connective: 'and', terms: [only] });
        const parsed = parse(printed);
        expect(parsed.ok && print(parsed.filter)).toBe(printed);
      }),
    );
  });

  it('never throw, whatever stands in the URL', () => {
    fc.assert(
      fc.property(fc.string(), (source) => {
        expect(parse(source)).toHaveProperty('ok');
      }),
    );
  });

  it('take the empty text as everything', () => {
    expect(parse('  ')).toEqual({ ok: true, filter: EVERYTHING });
    expect(print(EVERYTHING)).toBe('');
  });

  it.each([
    ['state=available', 'state = available'],
    ['lastConnectedAt<30d', 'lastConnectedAt < 30d'],
    ['id:ws-1', 'id : ws-1'],
    ['((state = error))', 'state = error'],
    ['userName = "José Núñez"', 'userName = "José Núñez"'],
    ['state = (available , stopped) and region = us-east-1', 'state = (available, stopped) and region = us-east-1'],
    ['userName != unknown', 'userName != unknown'],
    ['userName = "unknown"', 'userName = "unknown"'],
    ['userName !: "o \\" \\\\"', 'userName !: "o \\" \\\\"'],
    ['a=1 and (b=2 or c=3) and d=4', 'a = 1 and (b = 2 or c = 3) and d = 4'],
    ['lastReadAt >= 2026-11-24T05:00:00Z', 'lastReadAt >= 2026-11-24T05:00:00Z'],
    ['id^ws-', 'id ^ ws-'],
    ['a = and and b = or', 'a = and and b = or'],
  ])('%s reads as %s', (source, printed) => {
    const parsed = parse(source);
    expect(parsed.ok && print(parsed.filter)).toBe(printed);
  });

  it.each([
    ['state', 'expected an operator after "state" (!= !: >= <= = : ^ > <)', 5],
    ['state = ', 'expected a value, quoted if it holds spaces', 8],
    ['state : (a, b)', 'expected one value: ":" takes no list', 9],
    ['a = 1 and b = 2 or c = 3', 'expected "and" or "or" (one kind a level; parentheses nest)', 16],
    ['(a = 1', 'expected ")"', 6],
    ['a = "open', 'expected a value, quoted if it holds spaces', 4],
    [`${'('.repeat(9)}a = 1${')'.repeat(9)}`, 'expected at most 8 levels of parentheses', 9],
  ])('%s is refused with a place', (source, message, at) => {
    expect(parse(source)).toEqual({ ok: false, message, at });
  });
});

describe('two levels', () => {
  const holds = (term: Term, truth: ReadonlyMap<Comparison, boolean>): boolean => {
    if (term.kind === 'comparison') return truth.get(term) ?? false;
    const results = term.terms.map((inner) => holds(inner, truth));
    return term.connective === 'and' ? results.every(Boolean) : results.some(Boolean);
  };
  const leaves = (term: Term): Comparison[] => (term.kind === 'comparison' ? [term] : term.terms.flatMap(leaves));

  it('mean the same as the tree for every assignment of truth', () => {
    fc.assert(
      fc.property(group, fc.array(fc.boolean(), { minLength: 64, maxLength: 64 }), (filter, bits) => {
        const truth = new Map(leaves(filter).map((leaf, index) => [leaf, bits[index % bits.length] ?? false]));
        expect(holds(merge(filter), truth)).toBe(holds(filter, truth));
        const drawn = twoLevels(filter);
        if (drawn === undefined) return;
        const terms = drawn.terms.map((term): Term =>
          'kind' in term ? term : { kind: 'group', connective: drawn.connective === 'or' ? 'and' : 'or', terms: term },
        );
        expect(holds({ kind: 'group', connective: drawn.connective, terms }, truth)).toBe(holds(filter, truth));
      }),
    );
  });

  it('give up rather than draw hundreds of tokens', () => {
    const pair = '(a = 1 or (b = 2 and c = 3))';
    const parsed = parse(Array.from({ length: 8 }, () => pair).join(' and '));
    expect(parsed.ok && twoLevels(parsed.filter)).toBeUndefined();
  });
});
