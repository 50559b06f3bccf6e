/** The page: where it looks, when it draws, and its tools. */

import * as composer from "./composer.js";
import * as panels from "./panels.js";
import { $, button, el, icon, keepFocus } from "./dom.js";
import { confirmed } from "./elements.js";
import * as messages from "./messages.js";
import * as modal from "./modal.js";
import * as side from "./side.js";
import { act, connect, get, look, now } from "./world.js";

const page = document.documentElement;
const narrow = matchMedia("(max-width: 60rem)");
let place = "";
let wanted = "";
let line;
let held = false;
const changes = new Set();

/** The address is #/place/person; both may be left out. */
function route() {
  const [, there = "", person] = location.hash.split("/");
  wanted = there;
  if (person && person !== get("me")) look({ as: person });
  else if (get("people")) draw(new Set(["places"]));
}

function menu(open) {
  document.body.classList.toggle("with-menu", open);
  $("menu").ariaExpanded = String(open);
}

function draw(changed) {
  const touched = (...keys) => [...changed].some((key) => keys.includes(key.split("/")[0]));
  const rooms = [...get("places").map((one) => one.id), get("dm"), "home"];
  const before = place;
  place = [wanted, place, ...rooms].find((one) => rooms.includes(one));
  if (place === "home" && (before !== place || touched("me"))) act("home");
  composer.draw(place);
  if (touched("m", "me", "home", "places", "names")) messages.draw(place);
  side.draw(place);
  if (touched("clock", "me", "people")) panels.clock();
  keepFocus(() => { for (const one of document.querySelectorAll(".warp")) one.hidden = one.dataset.moment <= now(); });
  if (touched("tour")) panels.tour(go);
  if (touched("switches", "sockets", "t")) panels.inspector();
  if (touched("views", "me")) modal.sync(get("views"));
  if (touched("hints")) tools();
  document.title = `${messages.title(place)}, simulated Slack`;
  // Only once its typist is shown.
  if (line?.who !== get("me")) return;
  composer.prepare(line.line);
  line = null;
}

/** Draw, but not what is in use: the mouse is down, or a menu open. */
function update(changed) {
  for (const key of changed) changes.add(key);
  if (held || document.querySelector(":popover-open") || !changes.size || !get("people")) return;
  draw(changes);
  changes.clear();
}

const uncover = () => narrow.matches && panels.toggle("tour", false);

/** Go where a step happens, and lay out what to type. */
function go(step) {
  line = step.line && step;
  uncover();
  location.hash = `#/${step.where || get("dm")}/${step.who}`;
  route();
}

function shade() {
  const dark = page.dataset.theme ? page.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  localStorage.theme = page.dataset.theme = dark ? "light" : "dark";
}

async function reset() {
  const question = { title: "Start afresh?", text: "Fresh people and data, from the beginning.", confirm: "Start afresh", deny: "Keep everything" };
  if (await confirmed(question)) act("reset");
}

function tools() {
  const tool = (id, name, words, onclick, shown = words) => button([icon(name), shown && el("span", null, shown)], onclick, `tool-${id}`, {
    id: `tool-${id}`, title: words, "aria-label": words, "aria-pressed": $(id) && String(!$(id).hidden),
  });
  $("tools").replaceChildren(
    get("tour").length ? tool("tour", "flag", "Tour", () => panels.toggle("tour")) : "",
    tool("inspector", "traffic", "Inspector", () => panels.toggle("inspector")),
    tool("theme", "moon", "Light or dark", shade, ""),
    get("hints").reset ? tool("reset", "again", "Reset", reset, "") : "");
}

page.dataset.theme = localStorage.theme ?? "";
$("menu").append(icon("menu"));
$("menu").onclick = () => menu($("menu").ariaExpanded !== "true");
$("side").onclick = () => menu(false);
addEventListener("hashchange", route);
addEventListener("keydown", (event) => { if (event.key === "Escape") menu(false); });
if (location.search) history.replaceState(null, "", location.pathname + location.hash);
if (!narrow.matches) panels.toggle("tour", true);
narrow.onchange = uncover;
route();
onpointerdown = () => { held = true; };
onpointerup = onpointercancel = () => setTimeout(() => { held = false; update([]); });
addEventListener("toggle", () => update([]), true);
connect(update);
setInterval(() => update(["people"]), 15000);
