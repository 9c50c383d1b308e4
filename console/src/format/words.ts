/** The API's lower snake case vocabularies as words; a value nobody has seen before still reads well. */

/** Spellings that a rule cannot guess. `wsp` is the old name of the protocol that AWS now calls DCV. */
const SPELLINGS: Readonly<Record<string, string>> = {
  auto_stop: 'AutoStop',
  always_on: 'AlwaysOn',
  graphicspro: 'GraphicsPro',
  powerpro: 'PowerPro',
  pcoip: 'PCoIP',
  wsp: 'DCV',
};

/** Families of compute types: AWS writes the size behind a dot, as in `Graphics.g6 4xlarge`. */
const FAMILIES: Readonly<Record<string, string>> = {
  graphics: 'Graphics',
  graphicspro: 'GraphicsPro',
  generalpurpose: 'GeneralPurpose',
};

/** Words that are names wherever they stand, as in `windows_server_2022`. */
const NAMES = /\b(?:server|linux)\b/g;

/** `admin_maintenance` -> `Admin maintenance`, `ubuntu_22_04` -> `Ubuntu 22.04`. */
export function words(value: string): string {
  const spelled = SPELLINGS[value];
  if (spelled !== undefined) return spelled;
  const [, family = '', size = ''] = /^([a-z]+)_(.+)$/.exec(value) ?? [];
  const familyName = FAMILIES[family];
  if (familyName !== undefined) return `${familyName}.${size.replaceAll('_', ' ')}`;
  const spaced = value.replace(/_(\d\d)_(\d\d)$/, '_$1.$2').replaceAll('_', ' ');
  return capitalized(spaced.replace(NAMES, capitalized));
}

const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
