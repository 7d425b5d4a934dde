// @ts-check
// Puts a person's new name, picture or role wherever they appear in a piece of state.

/** @import { Person } from '../types.js' */

/**
 * A copy of `value` in which `person` is as they are now; `value` itself where they do not appear,
 * so that what is bound to it stays quiet.
 *
 * @template T
 * @param {T} value
 * @param {Person} person
 * @returns {T}
 */
export function withPerson(value, person) {
  if (Array.isArray(value)) {
    const copy = value.map((item) => withPerson(item, person));
    return copy.some((item, at) => item !== value[at]) ? /** @type {any} */ (copy) : value;
  }
  if (value === null || typeof value !== 'object') return value;
  const record = /** @type {Record<string, any>} */ (value);
  if (record.id === person.id && 'nickname' in record) return { ...value, ...person };
  /** @type {Record<string, any>} */
  const changes = {};
  for (const [key, item] of Object.entries(record)) {
    const copy = withPerson(item, person);
    if (copy !== item) changes[key] = copy;
  }
  return Object.keys(changes).length > 0 ? { ...value, ...changes } : value;
}
