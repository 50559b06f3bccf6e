/** The middle: a channel, a direct message or the Home tab. */

import { renderBlocks } from "./blocks.js";
import { $, avatar, button, el, icon, keepFocus } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { dayOf, timeOf } from "./time.js";
import { act, every, get, me, nameOf, shortcuts, zone } from "./world.js";

const stream = $("stream");
const read = new Map();
let drawn = new Map();
let shown = "";

export const placeOf = (id) => get("places").find((place) => place.id === id);
const messagesIn = (id) => every("m/").filter((message) => message.place === id).sort((a, b) => a.ts - b.ts);

export const unread = (id) => messagesIn(id).filter((message) => message.ts > (read.get(get("me") + id) ?? "")).length;

/** What a place is called; the direct message is called after the bot. */
export const title = (id) => ({ home: "Home", [get("dm")]: get("hints").bot })[id] ?? placeOf(id)?.name;

function message(one) {
  const bot = nameOf(one.author);
  const time = timeOf(one.at, zone());
  return el("article", { class: one.private ? "message private" : "message", "data-key": one.ts, tabindex: -1, "aria-label": `${bot}, ${time}` }, avatar(bot), el("div", null,
    one.private && el("p", { class: "only" }, icon("eye"), " Only visible to you"),
    el("p", { class: "by" }, el("strong", null, bot), el("span", { class: "tag" }, "app"), `${time}${one.edited ? " (edited)" : ""}`, !one.private && shortcuts("message", one.ts)),
    one.blocks.length ? renderBlocks(one.blocks, { where: { message: one.ts }, values: one.values }) : mrkdwn(one.text)));
}

function head(id) {
  const channel = placeOf(id);
  if (!channel) return [el("h1", null, title(id)), el("p", null, `What ${get("hints").bot} shows and says to ${me().name} alone`)];
  return [
    el("h1", null, channel.private ? [icon("lock"), " "] : "#", channel.name), el("p", { title: channel.names }, channel.names),
    button(channel.member ? "Leave channel" : "Join channel", () => act(channel.member ? "leave" : "join", { channel: id }), "membership"),
  ];
}

function home() {
  const view = get("home");
  return view ? renderBlocks(view.blocks, { where: { view: view.id }, values: view.values })
    : el("p", { class: "empty" }, `${get("hints").bot} has not put anything on this tab.`);
}

function listed(id, before) {
  const nodes = [];
  let day = "";
  drawn = new Map();
  for (const one of messagesIn(id)) {
    if (dayOf(one.at, zone()) !== day) {
      day = dayOf(one.at, zone());
      nodes.push(el("h2", { class: "day" }, el("span", null, day)));
    }
    const text = JSON.stringify(one);
    const kept = before.get(one.ts);
    const node = kept?.text === text ? kept.node : message(one);
    drawn.set(one.ts, { text, node, said: one.text });
    nodes.push(node);
    // Whoever cannot see a new message hears it, and what an old one says now.
    if (kept?.said !== one.text && before.size) $("news").textContent = `${one.private ? "Only visible to you: " : ""}${one.text.slice(0, 200)}`;
    read.set(get("me") + id, one.ts);
  }
  return nodes.length ? nodes : [el("p", { class: "empty" }, "Nothing has been said here yet.")];
}

/** Draw the place again; only messages that changed are made anew. */
export function draw(id) {
  const moved = shown !== get("me") + id;
  const bottom = moved || stream.scrollHeight - stream.scrollTop - stream.clientHeight < 60;
  shown = get("me") + id;
  keepFocus(() => {
    $("place").replaceChildren(...head(id));
    stream.replaceChildren(...(id === "home" ? [home()] : listed(id, moved ? new Map() : drawn)));
  });
  if (id !== "home" ? bottom : moved) stream.scrollTop = id === "home" ? 0 : stream.scrollHeight;
}
