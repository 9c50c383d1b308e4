/** The API's lower snake case vocabularies as words; a value nobody has seen before still reads well. */

/** Spellings that a rule cannot guess. */
const SPELLINGS: Readonly<Record<string, string>> = {
  auto_stop: 'AutoStop',
  always_on: 'AlwaysOn',
  graphicspro: 'GraphicsPro',
  powerpro: 'PowerPro',
  pcoip: 'PCoIP',
  wsp: 'DCV',
  iam: 'IAM',
};

/** `admin_maintenance` -> `Admin maintenance`. */
export function words(value: string): string {
  const spelled = SPELLINGS[value];
  if (spelled !== undefined) return spelled;
  const spaced = value.replaceAll('_', ' ');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
