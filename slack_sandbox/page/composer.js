import { $, el, keepFocus } from "./dom.js";
import { placeOf, title } from "./messages.js";
import { act, get, me, once, shortcuts } from "./world.js";

const form = $("composer");
let place = "";
let found = [];
let chosen = -1;

const offers = el("ul", { id: "offers", role: "listbox", "aria-label": "Commands", hidden: true });
const send = el("button", { class: "primary" }, "Send");
const input = el("input", {
  id: "line", role: "combobox", "aria-controls": "offers", "aria-autocomplete": "list", autocomplete: "off",
  spellcheck: "false", "data-key": "line", oninput: offer, onkeydown: key, onblur: () => offer({}), onfocus: offer,
});

function offer({ type }) {
  const typed = input.value.trimStart().toLowerCase();
  found = type && typed ? get("hints").commands.filter(([line]) => line.startsWith(typed) && line !== typed) : [];
  offers.replaceChildren(...found.map(([line, says], index) => el("li", {
    id: `offer-${index}`, role: "option",
    onmousedown: (event) => { event.preventDefault(); take(index); },
  }, el("code", null, line), " ", el("small", null, says))));
  mark(-1);
}

function mark(index) {
  chosen = index;
  offers.hidden = !found.length;
  input.ariaExpanded = String(!offers.hidden);
  [...offers.children].forEach((node, at) => { node.ariaSelected = String(at === chosen); });
  offers.children[chosen]?.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", chosen < 0 ? "" : `offer-${chosen}`);
}

const take = (index) => prepare(found[index][0]);

function key(event) {
  if (offers.hidden || event.shiftKey) return;
  const count = found.length;
  const deed = {
    ArrowDown: () => mark((chosen + 1) % count),
    ArrowUp: () => mark((Math.max(chosen, 0) - 1 + count) % count),
    Tab: () => take(Math.max(chosen, 0)),
    Escape: () => offer({}),
    Enter: chosen >= 0 && (() => take(chosen)),
  }[event.key];
  if (!deed) return;
  event.preventDefault();
  deed();
}

form.onsubmit = (event) => {
  event.preventDefault();
  const line = input.value.trim();
  offer({});
  if (line) once(send, async () => { if (await act("command", { line, channel: place })) input.value = ""; });
};

/** Fit it to the place: nobody types where they are not. */
export function draw(id) {
  place = id;
  keepFocus(() => form.replaceChildren(offers, input, send, ...shortcuts("global")));
  form.hidden = id === "home" || placeOf(id)?.member === false;
  input.placeholder = `Type /advocacy as ${me().name.split(" ")[0]}`;
  input.ariaLabel = `A command, as ${me().name} in ${title(id)}`;
}

export function prepare(line) {
  input.value = line;
  input.focus();
  offer({});
}
