// @ts-check
// What an account may say of itself, as the server has it (app/src/accounts): checked here before anything is sent.

export const GENDERS = [
  { value: 'female', words: 'Female' },
  { value: 'male', words: 'Male' },
  { value: 'non-binary', words: 'Non-binary' },
  { value: 'undisclosed', words: 'Rather not say' },
];

const NICKNAME = /^[a-z0-9]([a-z0-9_.-]*[a-z0-9_-])?$/i;
const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;
const OLDEST = 120;
const SHORTEST_PASSWORD = 10;
const LONGEST_PASSWORD = 256;

/** Letters as people count them. @param {string} text */
function length(text) {
  return [...text].length;
}

/** @typedef {(value: string, limits: {minimumAge: number}) => string | null} Check why not, or `null` */

/** @type {Record<string, Check>} */
export const CHECKS = {
  nickname(value) {
    const size = length(value);
    if (size < 2 || size > 30) return 'Between 2 and 30 characters.';
    return NICKNAME.test(value) ? null : 'Letters from a to z, digits, _ - and . only, beginning with a letter or a digit.';
  },
  username: (value, limits) => CHECKS.nickname(value, limits),
  email: (value) => (EMAIL.test(value) && value.length <= 254 ? null : 'This does not look like an e-mail address.'),
  password(value) {
    if (length(value) < SHORTEST_PASSWORD) return `At least ${SHORTEST_PASSWORD} characters. Three or four words are good.`;
    return length(value) > LONGEST_PASSWORD ? `At most ${LONGEST_PASSWORD} characters.` : null;
  },
  age(value, { minimumAge }) {
    const age = Number(value);
    if (!/^\d{1,3}$/.test(value.trim()) || age > OLDEST) return 'Your age in years, as a number.';
    return age < minimumAge ? `One must be at least ${minimumAge} to have an account here.` : null;
  },
  gender: (value) => (value.trim() === '' || length(value) > 40 ? 'Choose one, or write your own in up to 40 characters.' : null),
  first_name: (value) => name(value),
  last_name: (value) => name(value),
};

/** @param {string} value */
function name(value) {
  const size = length(value.trim());
  return size < 1 || size > 60 ? 'Between 1 and 60 characters.' : null;
}

/**
 * Why each of `values` is refused: nothing for those that are fine.
 *
 * @param {Record<string, string>} values
 * @param {{minimumAge: number}} limits
 * @returns {Record<string, string>}
 */
export function findFaults(values, limits) {
  /** @type {Record<string, string>} */
  const faults = {};
  for (const [field, value] of Object.entries(values)) {
    const fault = CHECKS[field]?.(value, limits);
    if (fault) faults[field] = fault;
  }
  return faults;
}
