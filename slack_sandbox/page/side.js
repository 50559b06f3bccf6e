import { $, avatar, el, icon, keepFocus, unseen } from "./dom.js";
import { title, unread } from "./messages.js";
import { timeOf } from "./time.js";
import { get, now } from "./world.js";

const side = $("side");

const entry = (id, current, address, ...children) => el("li", null,
  el("a", { href: address, "data-key": `side-${id}`, "aria-current": current && "true" }, children));

function person(one, place) {
  return entry(one.id, one.id === get("me"), `#/${place}/${one.id}`, avatar(one.name),
    el("span", { class: "who" }, one.name, el("small", null, one.role)), el("time", { title: one.tz }, timeOf(now(), one.tz)));
}

function room(id, current, mark, name, more) {
  const news = id === current ? 0 : unread(id);
  return entry(id, id === current, `#/${id}/${get("me")}`, el("span", { class: "mark" }, mark), el("span", { class: news ? "who new" : "who" }, name),
    more && el("small", null, more), news > 0 && el("span", { class: "count" }, unseen("new: "), news));
}

const list = (heading, items) => [el("h2", null, heading), el("ul", null, items)];

export function draw(current) {
  const scroll = side.scrollTop;
  keepFocus(() => side.replaceChildren(
    ...list("Channels", get("places").map((place) => room(place.id, current, place.private ? icon("lock") : "#", place.name, place.member ? "" : "not joined"))),
    ...list(title(get("dm")), [room(get("dm"), current, icon("talk"), "Messages"), room("home", current, icon("home"), "Home")]),
    ...list("Act as", get("people").map((one) => person(one, current))),
  ));
  side.scrollTop = scroll;
}
