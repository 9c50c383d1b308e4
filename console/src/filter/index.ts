/** The filter grammar: one text for the URL, the API and the filter bar. Pure; knows no page and no component. */

export { parse, type Parsed } from './parse';
export { print, printValue } from './print';
export * from './syntax';
export { twoLevels, type TwoLevels } from './two-levels';
