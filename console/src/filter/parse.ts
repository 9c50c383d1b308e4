/**
 * Reads the text of a filter:
 *
 *     group    = term { ("and" term)* | ("or" term)* }
 *     term     = "(" group ")" | property operator value
 *     value    = word | quoted | "(" value {"," value} ")"
 *
 * A refusal says what was expected and at which character, so that a hand-edited URL can be mended.
 */

import type { Comparison, Connective, Group, Operator, Term, Value } from './syntax';
import { EVERYTHING, OPERATORS, takesList, text, UNKNOWN } from './syntax';

/** A filter, or why the text is none. `at` counts characters from 0. */
export type Parsed =
  | { readonly ok: true; readonly filter: Group }
  | { readonly ok: false; readonly message: string; readonly at: number };

/** Groups inside groups beyond this depth are refused, by the API as well. */
const DEEPEST = 8;

/** Parses a whole filter. Blank text is the filter that matches everything. */
export function parse(source: string): Parsed {
  const reader = new Reader(source);
  try {
    if (reader.atEnd()) return { ok: true, filter: EVERYTHING };
    const filter = readGroup(reader, 0);
    if (!reader.atEnd()) reader.refuse('"and" or "or" (one kind a level; parentheses nest)');
    return { ok: true, filter };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, message: error.message, at: error.at };
    throw error;
  }
}

function readGroup(reader: Reader, depth: number): Group {
  if (depth > DEEPEST) reader.refuse(`at most ${DEEPEST} levels of parentheses`);
  const terms = [readTerm(reader, depth)];
  const connective: Connective = reader.nextWordIs('or') ? 'or' : 'and';
  while (reader.takeWord(connective)) terms.push(readTerm(reader, depth));
  const [only] = terms;
  if (terms.length === 1 && only?.kind === 'group') return only;
  return { kind: 'group', connective, terms };
}

function readTerm(reader: Reader, depth: number): Term {
  if (!reader.take('(')) return readComparison(reader);
  const group = readGroup(reader, depth + 1);
  if (!reader.take(')')) reader.refuse('")"');
  const [only] = group.terms;
  return group.terms.length === 1 && only ? only : group;
}

function readComparison(reader: Reader): Comparison {
  const property = reader.takeMatch(/[A-Za-z][A-Za-z0-9]*/y) ?? reader.refuse('a property');
  const operator: Operator =
    OPERATORS.find((candidate) => reader.take(candidate)) ??
    reader.refuse(`an operator after "${property}" (${OPERATORS.join(' ')})`);
  return { kind: 'comparison', property, operator, values: readValues(reader, operator) };
}

function readValues(reader: Reader, operator: Operator): Value[] {
  if (!reader.take('(')) return [readValue(reader)];
  if (!takesList(operator)) reader.refuse(`one value: "${operator}" takes no list`);
  const values = [readValue(reader)];
  while (reader.take(',')) values.push(readValue(reader));
  if (!reader.take(')')) reader.refuse('"," or ")"');
  return values;
}

function readValue(reader: Reader): Value {
  const word = reader.takeMatch(/[A-Za-z0-9_\-.:/@+]+/y);
  if (word !== undefined) return word === 'unknown' ? UNKNOWN : text(word);
  const quoted = reader.takeMatch(/"(?:[^"\\]|\\["\\])*"/y) ?? reader.refuse('a value, quoted if it holds spaces');
  return text(quoted.slice(1, -1).replace(/\\(["\\])/g, '$1'));
}

class Refusal extends Error {
  constructor(
    expected: string,
    readonly at: number,
  ) {
    super(`expected ${expected}`);
  }
}

/** A position in the text; every `take…` first skips white space. */
class Reader {
  private at = 0;

  constructor(private readonly source: string) {}

  atEnd(): boolean {
    this.skipSpace();
    return this.at === this.source.length;
  }

  take(literal: string): boolean {
    this.skipSpace();
    if (!this.source.startsWith(literal, this.at)) return false;
    this.at += literal.length;
    return true;
  }

  takeMatch(sticky: RegExp): string | undefined {
    this.skipSpace();
    sticky.lastIndex = this.at;
    const match = sticky.exec(this.source)?.[0];
    this.at += match?.length ?? 0;
    return match;
  }

  nextWordIs(word: string): boolean {
    this.skipSpace();
    return this.source.startsWith(word, this.at) && !/[A-Za-z0-9]/.test(this.source[this.at + word.length] ?? '');
  }

  takeWord(word: string): boolean {
    if (!this.nextWordIs(word)) return false;
    this.at += word.length;
    return true;
  }

  refuse(expected: string): never {
    this.skipSpace();
    throw new Refusal(expected, this.at);
  }

  private skipSpace(): void {
    while (/\s/.test(this.source[this.at] ?? '')) this.at += 1;
  }
}
