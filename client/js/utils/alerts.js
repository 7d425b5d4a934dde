// @ts-check
// Whether new messages are heard and announced on the desktop. Off until one asks for it; kept in this browser, since it
// is about a device and who sits beside it.

/** @typedef {'sound' | 'desktop'} Alert */

/** @param {Alert} what */
const keyOf = (what) => `folkmoot.alert.${what}`;

/** @returns {Record<Alert, boolean>} */
export function alerts() {
  return { sound: isOn('sound'), desktop: isOn('desktop') && globalThis.Notification?.permission === 'granted' };
}

/** @param {Alert} what @param {boolean} on @returns {Promise<boolean>} whether it is on now: the browser may not allow it */
export async function chooseAlerts(what, on) {
  const allowed = on && (what === 'sound' || (await globalThis.Notification?.requestPermission()) === 'granted');
  try {
    if (allowed) localStorage.setItem(keyOf(what), 'on');
    else localStorage.removeItem(keyOf(what));
  } catch {
    return false; // a browser without storage keeps no choice
  }
  return allowed;
}

/** @param {Alert} what */
function isOn(what) {
  try {
    return localStorage.getItem(keyOf(what)) === 'on';
  } catch {
    return false;
  }
}
