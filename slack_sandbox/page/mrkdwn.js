/** Slack's own markup as nodes: emphasis, code, quotes, lists, links, mentions, dates, emoji. */

import { button, el, icon, unseen } from "./dom.js";
import { whole } from "./time.js";
import { act, nameOf, now, zone } from "./world.js";

const EMOJI = Object.fromEntries(
  ("tada:🎉 wave:👋 +1:👍 heart:❤️ smile:😄 eyes:👀 rocket:🚀 white_check_mark:✅ warning:⚠️ bulb:💡 "
  + "calendar:📅 mega:📣 bell:🔔 sparkles:✨ pray:🙏").split(" ").map((pair) => pair.split(":")),
);

export const emoji = (name) => (EMOJI[name] ? el("span", { role: "img", "aria-label": name }, EMOJI[name]) : `:${name}:`);

const plain = (text) => text.replace(/&(lt|gt|amp);/g, (_, name) => ({ lt: "<", gt: ">", amp: "&" })[name]);

/** What a link needs to open in a new tab; only the web and mail are followed. */
export const opens = (address) => (/^(https?:|mailto:)/i.test(address)
  ? { href: address, target: "_blank", rel: "noopener noreferrer" } : {});
export const link = (address, label) => el("a", opens(address), label);

/** A moment in words; one that lies ahead has a button that moves the clock there. */
export function moment(seconds, words) {
  const ms = seconds * 1000;
  const time = el("time", { datetime: new Date(ms).toISOString(), title: `${whole(ms, zone())} (${zone()})` }, words);
  if (ms <= now() || ms > now() + 40 * 864e5) return time;
  return el("span", { class: "moment" }, time, button(
    [icon("clock"), unseen("Move the clock to this moment")], () => act("clock", { to: ms + 1000 }), `warp-${ms}`,
    { class: "warp", "data-moment": ms, title: "Move the clock to this moment" },
  ));
}

export function mention(id, mark = "@", label = "") {
  const name = nameOf(id);
  return el(name && mark === "#" ? "a" : "span", { class: "mention", href: `#/${id}` }, mark, label || name || (mark === "#" ? "private channel" : id));
}

function sequence(inner) {
  const [body, ...rest] = inner.split("|");
  const label = plain(rest.join("|"));
  if (body.startsWith("!date^")) {
    const [, stamp, , address] = body.split("^");
    const shown = moment(stamp, label);
    return address ? link(plain(address), shown) : shown;
  }
  if (/^[@#]/.test(body)) return mention(body.slice(1), body[0], label);
  if (body[0] === "!") return el("span", { class: "mention" }, label || `@${body.slice(1)}`);
  const address = plain(body);
  return link(address, label || address.replace(/^mailto:/, ""));
}

// Marks count only at the edges of words, so that snake_case stays as it is.
const INLINE = /`([^`\n]+)`|<([^<>\n]+)>|:([a-z0-9_+-]+):|(?<![\w*_~`])([*_~])(?=\S)([^\n]*?\S)\4(?![\w*_~`])|(https?:\/\/[^\s<>]*[^\s<>.,;:!?)”’'"])/g;

function inline(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(plain(text.slice(end, match.index)));
    end = match.index + match[0].length;
    const [, code, inner, name, mark, marked, bare] = match;
    if (code) nodes.push(el("code", null, plain(code)));
    else if (inner) nodes.push(sequence(inner));
    else if (name) nodes.push(emoji(name));
    else if (mark) nodes.push(el({ "*": "strong", _: "em", "~": "s" }[mark], null, inline(marked)));
    else nodes.push(link(plain(bare), plain(bare)));
  }
  return [...nodes, plain(text.slice(end))];
}

const QUOTE = /^(?:&gt;|>) ?/;
const ITEM = /^\s*(?:[•◦]|\d+\.) +/;
const broken = (rows) => rows.flatMap((row, index) => (index ? [el("br"), ...inline(row)] : inline(row)));

function lines(text) {
  const nodes = [];
  const rows = text.split("\n");
  while (rows.length) {
    const kind = [QUOTE, ITEM].find((mark) => mark.test(rows[0]));
    const end = rows.findIndex((row) => [QUOTE, ITEM].find((mark) => mark.test(row)) !== kind);
    const group = rows.splice(0, end < 0 ? rows.length : end);
    if (kind === QUOTE) nodes.push(el("blockquote", null, broken(group.map((row) => row.replace(QUOTE, "")))));
    // The marks of a list stay as they were typed; its lines only hang as in a list.
    else if (kind) nodes.push(el("div", { role: "list", class: "items" }, group.map((row) => el("div", { role: "listitem" }, inline(row)))));
    else nodes.push(el("div", null, broken(group)));
  }
  return nodes;
}

export const mrkdwn = (text) => text.split(/```\n?([\s\S]*?)\n?```/).flatMap((part, index) => {
  if (index % 2) return el("pre", null, plain(part.replace(/<([^<>|]+)(?:\|([^<>]+))?>/g, (_, address, label) => label ?? address)));
  return part ? lines(part.replace(/^\n|\n$/g, "")) : [];
});

/** A text object or a bare string; in plain text, marks are letters. */
export function textOf(object = "") {
  if (object.type === "mrkdwn") return mrkdwn(object.text);
  const text = object.text ?? object;
  return object.emoji === false ? [text] : text.split(/:([a-z0-9_+-]+):/).map((part, index) => (index % 2 ? emoji(part) : part));
}
