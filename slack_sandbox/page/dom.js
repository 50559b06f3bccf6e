/** Making elements and icons, and keeping the focus. */

export const $ = (id) => document.getElementById(id);

function filled(node, attributes, ...children) {
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") node.addEventListener(key.slice(2), value);
    else if (value === true) node.toggleAttribute(key, true);
    else if ((value ?? false) !== false) node.setAttribute(key, value);
  }
  node.append(...children.flat(3).filter(Boolean));
  return node;
}

/** Make an element. `on…` keys listen; null and false leave an attribute out, or a child. */
export const el = (tag, ...content) => filled(document.createElement(tag), ...content);
export const svg = (tag, ...content) => filled(document.createElementNS("http://www.w3.org/2000/svg", tag), ...content);

/** A button; by its key it gets the focus back when it is drawn again. */
export const button = (words, onclick, key, more) => el("button", { type: "button", "data-key": key, onclick, ...more }, words);

const PATHS = {
  lock: "M4 7h8v6H4zM6 7V5a2 2 0 0 1 4 0v2",
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
  home: "M2 8l6-5 6 5M4 7v6h8V7",
  talk: "M2 3h12v8H7l-3 3v-3H2z",
  clock: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 5v3l2 2",
  copy: "M5.5 5.5h7v8h-7zM3.5 10.5v-8h7",
  menu: "M2 4h12M2 8h12M2 12h12",
  traffic: "M5 13V3M2.5 6L5 3l2.5 3M11 3v10M8.5 10l2.5 3 2.5-3",
  moon: "M12.8 9.6A5.2 5.2 0 1 1 6.4 3.2a4.2 4.2 0 0 0 6.4 6.4z",
  flag: "M4 14V3h8l-2 3 2 3H4",
  again: "M13 8a5 5 0 1 1-1.5-3.5M12 2v3H9",
  warn: "M8 2.5l6 11H2zM8 6.5v3.5M8 11.9v.1",
};

export const icon = (name) => svg("svg", { viewBox: "0 0 16 16", class: "icon", "aria-hidden": "true" }, svg("path", { d: PATHS[name] }));

export const unseen = (words) => el("span", { class: "unseen" }, words);

/** What the page cannot show is shown as a fault, never left out. */
export const fault = (what) => el("span", { class: "fault", "data-fault": what }, icon("warn"), `This page cannot show: ${what}`);

export function avatar(name) {
  const node = el("span", { class: "avatar", "aria-hidden": "true" }, name.split(" ").map((word) => word[0]).join("").slice(0, 2));
  node.style.setProperty("--hue", (name.charCodeAt(0) * name.length * 11) % 360);
  return node;
}

const again = (node) => (node?.isConnected ? node : document.querySelector(`[data-key="${CSS.escape(node?.dataset.key)}"]`));

/** Draw again; what had the focus gets it back, or the message around it. */
export function keepFocus(redraw) {
  const before = document.activeElement;
  const around = [before, before.closest("article"), before.closest("#stream")];
  const { selectionStart: start, selectionEnd: end } = before;
  redraw();
  // Being put back costs the focus, and so does being hidden.
  if (before === document.activeElement && before.checkVisibility()) return;
  const after = around.map(again).find((node) => node?.checkVisibility());
  after?.focus({ preventScroll: true });
  if (typeof start === "number") after?.setSelectionRange?.(start, end);
}

let hiding;

/** Say something at the edge, above a dialog that may be open. */
export function notify(text) {
  [document.body, ...document.querySelectorAll("dialog[open]")].at(-1).append($("notice"));
  $("notice").textContent = text;
  clearTimeout(hiding);
  hiding = setTimeout(() => $("notice").replaceChildren(), 8000);
}
