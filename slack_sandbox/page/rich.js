/** Rich text and the markdown block: structure rather than marks. */

import { button, el, fault, icon } from "./dom.js";
import { emoji, link, mention, moment } from "./mrkdwn.js";

export function copyable(text) {
  const frame = el("pre", { tabindex: 0 }, text);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      control.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(frame);
    }
  };
  const control = button([icon("copy"), "Copy"], copy, `copy-${text}`, { class: "copy" });
  return el("div", { class: "copyable" }, frame, control);
}

const LEAVES = {
  text: (leaf) => leaf.text,
  link: (leaf) => link(leaf.url, leaf.text || leaf.url),
  emoji: (leaf) => emoji(leaf.name),
  user: (leaf) => mention(leaf.user_id),
  channel: (leaf) => mention(leaf.channel_id, "#"),
  broadcast: (leaf) => el("span", { class: "mention" }, `@${leaf.range}`),
  date: (leaf) => moment(leaf.timestamp, leaf.fallback),
};
const STYLES = { code: "code", strike: "s", italic: "em", bold: "strong" };

const leaves = (part) => part.elements.map((leaf) => {
  const node = LEAVES[leaf.type]?.(leaf) ?? fault(`rich text ${leaf.type}`);
  return Object.keys(STYLES).reduce((inner, key) => (leaf.style?.[key] ? el(STYLES[key], null, inner) : inner), node);
});

const PARTS = {
  rich_text_section: (part) => el("p", null, leaves(part)),
  rich_text_quote: (part) => el("blockquote", null, leaves(part)),
  rich_text_preformatted: (part) => copyable(part.elements.map((leaf) => leaf.text ?? leaf.url).join("")),
  rich_text_list: (part) => el(part.style === "ordered" ? "ol" : "ul", null, part.elements.map((one) => el("li", null, leaves(one)))),
};

export const richText = (block) => el("div", { class: "rich" }, block.elements.map((part) => PARTS[part.type]?.(part) ?? fault(`rich text ${part.type}`)));

const SHIFTS = [
  [/&/g, "&amp;"], [/<(?!https?:)/g, "&lt;"], [/^(\s*)[-*+] +/gm, "$1• "],
  [/(?<!\*)\*([^*\n]+)\*(?!\*)/g, "_$1_"], [/\*\*(.+?)\*\*|__(.+?)__/g, "*$1$2*"], [/^#{1,6} +(.+)$/gm, "*$1*"],
  [/~~(.+?)~~/g, "~$1~"], [/\[([^\]]+)\]\(([^)\s]+)\)/g, "<$2|$1>"],
];

export const fromMarkdown = (text) => SHIFTS.reduce((sofar, [mark, ours]) => sofar.replace(mark, ours), text);
