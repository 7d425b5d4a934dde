// @ts-check
// Failures as sentences.

/**
 * What happened and what to do now, in one sentence or two.
 *
 * @param {{status: number, detail?: string, message?: string, retryAfter?: number | null}} error
 */
export function explain(error) {
  const said = error.detail ?? error.message ?? '';
  if (error.status === 0) return `${said} Nothing you wrote is lost: try again when you are connected.`;
  if (error.status === 429 && error.retryAfter) return `${said} Try again in ${seconds(error.retryAfter)}.`;
  if (error.status >= 500) return `${said} The fault is ours. What you wrote is still here: try again in a moment.`;
  return said;
}

/** @param {number} number */
function seconds(number) {
  return number < 90 ? `${number} seconds` : `${Math.ceil(number / 60)} minutes`;
}
