/** Buttons and menus: what tells the bot at once. */

import { $, button, el, fault } from "./dom.js";
import { chooser } from "./inputs.js";
import { opens, textOf } from "./mrkdwn.js";
import { act, once } from "./world.js";

export function confirmed({ title, text, confirm, deny, style }) {
  const dialog = $("confirm");
  const end = (answer) => () => dialog.close(answer);
  dialog.returnValue = "";
  dialog.replaceChildren(
    el("h2", { id: "confirm-title" }, textOf(title)), el("div", null, textOf(text)),
    el("footer", null, button(textOf(deny), end("")), button(textOf(confirm), end("yes"), null, { class: style === "danger" ? "danger" : "primary" })),
  );
  dialog.showModal();
  return new Promise((resolve) => { dialog.onclose = () => resolve(dialog.returnValue === "yes"); });
}

export const tell = (node, deed, one, block, context, value) => once(node, async () => (!one.confirm || await confirmed(one.confirm))
  && act(deed, { ...context.where, block: block.block_id, action: one.action_id, value, typed: context.typed?.() }));

// Blocks often come with new ids; a button is the same while it does the same.
const keyOf = (one, block, { where }) => [where.message ?? where.view, one.type === "button" || block.block_id, one.action_id, one.value].join("|");

function press(one, block, context) {
  const send = () => tell(node, "press", one, block, context, one.value);
  const more = { class: `button ${one.style ?? ""}`, "data-action": one.action_id, "aria-label": one.accessibility_label };
  // A link opens at once and the bot hears of it; with a question, it waits for the answer.
  const follow = async (event) => {
    if (one.confirm) event.preventDefault();
    if ((await send()) && one.confirm) open(one.url, "_blank", "noopener,noreferrer");
  };
  const node = one.url
    ? el("a", { ...more, ...opens(one.url), role: "button", title: `Opens ${one.url.slice(0, 60)} in a new tab`, onclick: follow }, textOf(one.text), " ↗")
    : button(textOf(one.text), send, null, more);
  node.dataset.key = keyOf(one, block, context);
  return node;
}

function overflow(one, block, context) {
  const key = keyOf(one, block, context);
  const choose = (option) => () => { menu.hidePopover(); tell(more, "choose", one, block, context, option.value); };
  const menu = el("div", { popover: "auto", id: `menu-${key}`, class: "overflow" }, one.options.map(
    (option) => el(option.url ? "a" : "button", { type: "button", class: "button", ...opens(option.url), onclick: choose(option) }, textOf(option.text)),
  ));
  const more = button("•••", () => {}, key, { popovertarget: menu.id, "aria-label": "More", "data-action": one.action_id });
  return el("span", null, more, menu);
}

export function element(one, block, context) {
  if (one.type === "button") return press(one, block, context);
  if (one.type === "overflow") return overflow(one, block, context);
  const made = chooser(one, context.values[block.block_id]?.[one.action_id], keyOf(one, block, context), () => tell(made.node, "choose", one, block, context, made.read()));
  if (!made) return fault(`element ${one.type}`);
  made.control.setAttribute("aria-label", one.placeholder?.text ?? "Choose");
  return made.node;
}
