const shown = (ms, timeZone, options) => new Date(ms).toLocaleString("en-US", { timeZone, ...options });

export const timeOf = (ms, zone) => shown(ms, zone, { timeStyle: "short" });
export const dayOf = (ms, zone) => shown(ms, zone, { weekday: "long", month: "long", day: "numeric" });
export const whole = (ms, zone) => `${shown(ms, zone, { weekday: "short", month: "short", day: "numeric", year: "numeric" })}, ${timeOf(ms, zone)}`;

/** As input fields have it: 2026-09-07T09:30. Swedes write it nearly so. */
export const asLocal = (ms, timeZone) => new Date(ms).toLocaleString("sv", { timeZone }).slice(0, 16).replace(" ", "T");

/** The moment that a local input field means, in milliseconds. */
export function fromLocal(text, zone) {
  const wall = Date.parse(`${text}Z`);
  const ahead = (ms) => Date.parse(`${asLocal(ms, zone)}Z`) - ms;
  // Once more with what was found: the clocks may have changed in between.
  return wall - ahead(wall - ahead(wall));
}
