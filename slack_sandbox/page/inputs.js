/** What holds a value: texts, menus, boxes, dates; and input blocks. */

import { el, fault, icon } from "./dom.js";
import { tell } from "./elements.js";
import { textOf } from "./mrkdwn.js";
import { asLocal, fromLocal } from "./time.js";
import { zone } from "./world.js";

const groupsOf = (one) => [{ options: one.options ?? [] }, ...(one.option_groups ?? [])];

const native = (control, read = (text) => text, write = (value) => value) => ({
  node: control, control,
  read: () => (control.value ? read(control.value) : null),
  write: (value) => { control.value = value === null ? "" : write(value); },
});

const typing = (one, key, oninput) => native(el(one.multiline ? "textarea" : "input", {
  "data-key": key, placeholder: one.placeholder?.text, oninput, rows: 3,
}));

function menu(one, key, onchange) {
  const options = (group) => group.options.map((option) => el("option", { value: option.value }, option.text.text));
  const [first, ...groups] = groupsOf(one);
  return native(el("select", { "data-key": key, onchange }, el("option", { value: "" }, one.placeholder?.text ?? "Choose"),
    options(first), groups.map((group) => el("optgroup", { label: group.label.text }, options(group)))));
}

const boxes = (type) => (one, key, onchange) => {
  const inputs = [];
  const row = (option) => {
    const input = el("input", { type, name: key, value: option.value, "data-key": `${key}|${option.value}`, onchange });
    inputs.push(input);
    return el("label", { class: "box" }, input, el("span", null, textOf(option.text), el("small", null, textOf(option.description))));
  };
  const node = el("div", { role: type === "radio" ? "radiogroup" : "group" }, groupsOf(one).map((group) => [textOf(group.label), group.options.map(row)]));
  // A group cannot have the focus: its first box takes it.
  node.focus = () => inputs[0].focus();
  const chosen = () => inputs.filter((input) => input.checked).map((input) => input.value);
  return {
    node, control: node,
    read: () => (type === "radio" ? chosen()[0] ?? null : chosen()),
    write: (value) => { for (const input of inputs) input.checked = [value].flat().includes(input.value); },
  };
};

const when = (type, read, write) => (one, key, onchange) => native(el("input", { type, "data-key": key, onchange }), read, write);

const KINDS = {
  plain_text_input: typing,
  url_text_input: typing,
  email_text_input: typing,
  number_input: typing,
  static_select: menu,
  conversations_select: menu,
  multi_static_select: boxes("checkbox"),
  checkboxes: boxes("checkbox"),
  radio_buttons: boxes("radio"),
  datepicker: when("date"),
  timepicker: when("time"),
  datetimepicker: when("datetime-local", (text) => Math.round(fromLocal(text, zone()) / 1000), (seconds) => asLocal(seconds * 1000, zone())),
};

/** Make one, with its value; null for an unknown type. */
export function chooser(one, held, key, changed) {
  const made = KINDS[one.type]?.(one, key, changed);
  made?.write(held ?? null);
  return made;
}

/** An input block. It puts itself into `context.fields`, from where a form is read. */
export function field(block, context) {
  const one = block.element;
  const id = `field-${context.where.view}-${block.block_id}`;
  const changed = () => {
    context.changed?.();
    if (block.dispatch_action && KINDS[one.type] !== typing) tell(made.node, "choose", one, block, context, made.read());
  };
  const made = chooser(one, context.values[block.block_id]?.[one.action_id], id, changed);
  if (!made) return fault(`input ${one.type}`);
  const { control } = made;
  const error = el("p", { class: "error", id: `${id}-error`, role: "alert" });
  control.id = id;
  control.setAttribute("aria-labelledby", `${id}-label`);
  control.setAttribute("aria-describedby", `${id}-hint ${id}-error`);
  context.fields.set(block.block_id, {
    ...made,
    // Slack keeps what was typed where block and action stay the same.
    same: `${one.action_id}|${one.type}`,
    first: one.focus_on_load,
    fail: (text = "") => {
      error.replaceChildren(...(text ? [icon("warn"), ` ${text}`] : []));
      control.setAttribute("aria-invalid", Boolean(text));
    },
  });
  return el("div", { class: "field", "data-block": block.block_id },
    el("label", { id: `${id}-label`, for: id }, textOf(block.label), block.optional && el("small", null, " (optional)")),
    made.node, error, el("p", { class: "hint", id: `${id}-hint` }, textOf(block.hint)));
}
