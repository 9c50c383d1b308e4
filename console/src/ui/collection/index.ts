/** Lists, as one component with its parts. */

export { Collection, type CollectionProps, type CollectionState, type SortChoice } from './collection';
export { type Column, fieldsOf, shownColumns } from './column';
export { Empty, NoMatch } from './nothing';
export { Paging } from './paging';
export { type CollectionChoices, Preferences } from './preferences';
