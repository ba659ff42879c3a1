// The small tools of every exercise: make an element, read words, report, keep focus and keys in order.

/**
 * What an exercise reads and reports to: an anywidget model, or the one that host.js makes.
 * @typedef {{ get(key: string): any, set(key: string, value: any): void, save_changes(): void, on?: Function, off?: Function }} Model
 */

/** Two exercises in one document may come from two copies of this file: ids and radio names must differ. */
const idStamp = Math.random().toString(36).slice(2, 8);
let idCount = 0;

/** A new id for this document. @returns {string} */
export const freshId = () => `sk-${idStamp}-${++idCount}`;

/**
 * Make an element. Text enters as text only.
 * @param {string} kind a tag name, then classes after dots: "p.sk-quiet"
 * @param {Record<string, any>} has attributes; a function listens, true is an empty attribute, false and null are left out
 * @param {...any} kids nodes, strings, lists of them; empty ones are left out
 * @returns {any}
 */
export function make(kind, has = {}, ...kids) {
  const [tag, ...classes] = kind.split(".");
  const el = document.createElement(tag);
  if (tag === "button") el.type = "button";
  if (classes.length) el.className = classes.join(" ");
  setOn(el, has);
  el.append(...kids.flat(3).filter((kid) => kid || kid === 0));
  return el;
}

/** Set attributes and listeners. @param {Element} el @param {Record<string, any>} has */
export function setOn(el, has) {
  for (const [name, value] of Object.entries(has)) {
    if (typeof value === "function") el.addEventListener(name, value);
    else if (value || value === 0) el.setAttribute(name, value === true ? "" : value);
    else el.removeAttribute(name);
  }
}

/** Text that only a screen reader needs. @param {string} text */
export const unseen = (text) => make("span.sk-hide", {}, text);

/** A list, or nothing where there is nothing to list. @param {string} kind "ul" or "ol" @param {any[]} items */
export const listOf = (kind, items) => items.length > 0 && make(kind, {}, items.map((item) => make("li", {}, item)));

/**
 * Move focus to something that has just appeared, and show as much of it as fits.
 * @param {HTMLElement} el takes the focus @param {Element} [whole] is brought into view
 */
export function arriveAt(el, whole = el) {
  if (!el.matches("button,input,textarea,summary,a")) el.tabIndex = -1;
  el.focus({ preventScroll: true });
  whole.scrollIntoView({ block: "nearest" });
}

/**
 * Plain keys stay inside the exercise, so that "b" adds no cell in a notebook and an arrow turns no slide.
 * Tab, page keys (presenter remotes), function keys and anything with Ctrl, Alt or Meta pass; on a page Escape too.
 * @param {HTMLElement} root @param {string} place
 */
function keepKeys(root, place) {
  const passing = place === "page" ? /^(Tab|Page\w+|F\d+|Escape)$/ : /^(Tab|Page\w+|F\d+)$/;
  root.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.altKey && !event.metaKey && !passing.test(event.key)) event.stopPropagation();
  });
}

/**
 * All that one drawn exercise needs: its table, its text, the words of the surface, and a way to report.
 * @param {{ model: Model, el: HTMLElement }} view
 */
export function openExercise({ model, el }) {
  const text = model.get("text") || {};
  const words = model.get("words") || {};
  const place = model.get("place") || "page";
  let seen = model.get("trace") || [];
  let redraw = () => {};
  const listen = () => {
    if (model.get("trace") !== seen && model.get("trace").length !== seen.length) redraw();
  };
  keepKeys(el, place);
  if (model.on) model.on("change:trace", listen);
  return {
    model, el, place,
    table: model.get("table"),
    /** One text of the content, or "". @param {string} id */
    t: (id) => text[id] || "",
    /** One word of the surface, with its {blanks} filled. @param {string} key @param {Record<string, any>} [fill] */
    w: (key, fill = {}) => (words[key] || "").replace(/\{(\w+)\}/g, (_, name) => fill[name]),
    /** Report one step; the trace is the only state that outlives the view. @param {Record<string, any>} entry */
    say(entry) {
      seen = [...(model.get("trace") || []), entry];
      model.set("trace", seen);
      model.save_changes();
    },
    /** Draw now, and again whenever somebody else changes the trace. @param {() => void} draw @returns {() => void} clean-up */
    run(draw) {
      redraw = () => { seen = model.get("trace") || []; draw(); };
      draw();
      return () => {
        if (model.off) model.off("change:trace", listen);
        el.replaceChildren();
      };
    },
  };
}
