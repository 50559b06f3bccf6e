/** What only a simulation has: a clock to move, a tour, and an inspector. */

import { $, button, el, icon, keepFocus } from "./dom.js";
import { timeOf, whole } from "./time.js";
import { act, every, get, look, now, zone } from "./world.js";

export function clock() {
  const move = (words, details) => button(words, () => act("clock", details), words, { "aria-disabled": get("clock").moving });
  keepFocus(() => $("clock").replaceChildren(
    el("span", { title: zone() }, icon("clock"), el("time", null, whole(now(), zone())), el("small", null, zone().split("/").pop().replaceAll("_", " "))),
    move("+1 hour", { minutes: 60 }), move("+1 day", { minutes: 1440 }), move("to Monday 09:30", { to: "monday" })));
}

const head = (id, words) => el("header", null, el("h2", null, words), button("✕", () => toggle(id, false), `${id}-x`, { class: "quiet", "aria-label": "Close" }));

/** The tour: a step is ticked when it has really happened. */
export function tour(go) {
  const steps = get("tour");
  const next = steps.findIndex((step) => !step.done);
  const row = (step, index) => el("li", { class: step.done && "done", "aria-current": index === next && "step" },
    el("span", { class: "tick" }, step.done ? "✓" : index + 1),
    el("div", null, el("strong", null, step.title), index === next && el("p", null, step.says),
      !step.done && button("Take me there", () => go(step), `tour-${index}`, { class: "link", "aria-label": `Take me there: ${step.title}` })));
  keepFocus(() => $("tour").replaceChildren(head("tour", "The tour"), el("ol", null, steps.map(row)),
    next < 0 ? el("p", null, "That was all. Nobody was counted or reminded.") : ""));
}

const SWITCHES = {
  throttled: "Slow down (429) to every call",
  broken: "Server error (503) to every call",
  slow: "Every answer two seconds late",
  refused: "New connections refused",
};
let newest = 0;
const controls = el("fieldset");
const log = el("div", { class: "log" });

async function open(one, details) {
  if (details.children.length > 1) return;
  const { payload, answer } = await (await fetch(`page/entry/${one.number}`)).json();
  const part = (words, value) => [el("strong", null, words), el("pre", { tabindex: 0 }, JSON.stringify(value, null, 2))];
  details.append(...part("Sent", payload), ...part("Answered", answer));
}

function entry(one) {
  const details = el("details", { ontoggle: () => open(one, details) }, el("summary", null,
    el("span", { class: "way" }, one.toBot ? "to the bot" : "from the bot"), el("span", { class: "name" }, one.name),
    el("span", { class: one.verdict !== "ok" && "bad" }, one.verdict),
    el("small", null, `${one.who} ${one.ms} ms, ${timeOf(one.at, zone())}`)));
  return details;
}

/** The inspector: switches, and what was sent both ways, newest first. */
export function inspector() {
  const box = $("inspector");
  if (box.hidden) return;
  if (!box.children.length) box.append(head("inspector", "Inspector"), controls, log);
  keepFocus(() => controls.replaceChildren(el("legend", null, "Make Slack misbehave"),
    ...Object.entries(SWITCHES).map(([name, words]) => el("label", { class: "box" },
      el("input", { type: "checkbox", checked: get("switches")[name], "data-key": name, onchange: (event) => act("switch", { name, on: event.target.checked }) }), words)),
    button(`Cut the connections (${get("sockets")} open)`, () => act("drop"), "drop")));
  const all = every("t/");
  for (const one of all.filter(({ number }) => number > newest)) {
    log.prepend(entry(one));
    newest = one.number;
  }
  while (log.children.length > all.length) log.lastChild.remove();
}

/** Open or close a panel; one fits. */
export function toggle(id, on = $(id).hidden) {
  for (const one of ["tour", "inspector"]) {
    $(one).hidden = one !== id || !on;
    if ($(`tool-${one}`)) $(`tool-${one}`).ariaPressed = String(!$(one).hidden);
  }
  look({ inspector: on && id === "inspector" });
  if (on) inspector();
}
