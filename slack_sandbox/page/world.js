/** What the page knows, and how it asks for something to be done. */

import { button, notify } from "./dom.js";

const pieces = new Map();
let socket;
let wish = {};
let tries = 0;

export const get = (key) => pieces.get(key);
export const me = () => get("people")?.find((person) => person.id === get("me"));
export const zone = () => me()?.tz ?? "UTC";
export const nameOf = (id) => get("names")?.[id];
export const every = (prefix) => [...pieces].filter(([key]) => key.startsWith(prefix)).map(([, piece]) => piece);

export const now = () => get("clock")?.still ?? Date.now() + (get("clock")?.ahead ?? 0);

export function look(changed) {
  wish = { ...wish, ...changed };
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(wish));
}

/** Open the line, again when it breaks; `changed` hears which pieces changed. */
export function connect(changed) {
  socket = new WebSocket(new URL("page/live", location).href.replace(/^http/, "ws"));
  socket.onopen = () => {
    pieces.clear();
    tries = 0;
    look({});
  };
  socket.onmessage = ({ data }) => {
    const { set, gone } = JSON.parse(data);
    for (const key in set) pieces.set(key, set[key]);
    for (const key of gone) pieces.delete(key);
    changed([...Object.keys(set), ...gone]);
  };
  socket.onclose = () => {
    if (tries === 3) notify(GONE);
    tries += 1;
    setTimeout(connect, 400 * Math.min(tries, 10), changed);
  };
}

/** Do one thing at a time with a node, and show that it is being done. */
export async function once(node, doing) {
  if (node.ariaBusy === "true") return null;
  node.ariaBusy = "true";
  const outcome = await doing();
  node.ariaBusy = "false";
  return outcome;
}

export const shortcuts = (type, message) => get("hints").shortcuts.filter((one) => one.type === type)
  .map(({ callback_id: id, name }) => button(name, () => act("shortcut", { id, message }), id + message, { class: "quiet" }));

const GONE = "The simulated Slack does not answer. Is the demo still running?";
/** Do something as whoever is acted as; answers the outcome, or null if it could not be done. */
export async function act(what, details, quiet) {
  const say = quiet ? () => {} : notify;
  try {
    const response = await fetch("page/do", {
      method: "POST", body: JSON.stringify({ do: what, as: get("me"), ...details }),
    });
    const { error, trouble, outcome } = await response.json();
    if (error || trouble) say(error || trouble);
    return error ? null : outcome ?? {};
  } catch {
    say(GONE);
    return null;
  }
}
