// Care in every exercise: leave now, help lines, a pause, content notes with three equal ways; and the frame around them.
import { arriveAt, freshId, listOf, make, openExercise, unseen } from "./dom.js";

/** Take everything out of the document; nothing that was on screen stays, and nothing comes back. */
function emptyDocument() {
  const wipe = () => {
    if (document.title) document.title = "";
    if (document.body.firstChild) document.body.replaceChildren();
  };
  wipe();
  return wipe;
}

/**
 * JupyterLab: empty the page in place. No navigation: a notebook that has run would ask "Leave site?" first.
 * JupyterLab writes its title and its dialogs back, so both are watched; closing the tab then asks nothing either.
 */
export function leaveLab() {
  const wipe = emptyDocument();
  new MutationObserver(wipe).observe(document.documentElement, { childList: true, subtree: true, characterData: true });
  addEventListener("beforeunload", (event) => {
    event.stopImmediatePropagation();
    // JupyterLab may have been asked first, in the order of listening.
    event.returnValue = "";
  }, true);
}

/**
 * A page: empty first, because the next page may be slow to come, then replace. In a frame the whole window goes
 * if the browser allows it; a refusal is not always reported, so the frame says at once what to do.
 * @param {string} to the address of an empty page @param {string} closeTab the sentence for a frame
 */
export function leavePage(to, closeTab) {
  emptyDocument();
  dispatchEvent(new Event("sk-leave"));
  if (window.top === window) return location.replace(to);
  document.body.append(make("p", {}, closeTab));
  try { window.top.location.replace(to); } catch (refused) { /* the sentence stands */ }
}

/** A deck: cover the screen, or take the cover away. @param {string} label what the cover is called */
export function leaveDeck(label) {
  const cover = document.querySelector(".sk-cover");
  if (cover) {
    document.title = cover.dataset.title;
    cover.remove();
    return;
  }
  const blank = make("button.sk-cover", { "aria-label": label, "data-title": document.title, click: () => leaveDeck(label), keydown: (event) => event.key === "Tab" && event.preventDefault() });
  document.title = "";
  document.body.append(blank);
  blank.focus();
}

/**
 * A button that opens and closes a panel in place; Escape closes it.
 * @param {string} label @param {HTMLElement} panel @returns {HTMLButtonElement}
 */
function panelButton(label, panel) {
  panel.id = freshId();
  panel.hidden = true;
  const show = (open) => {
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  const button = make("button.sk-tool", { "aria-expanded": "false", "aria-controls": panel.id, click: () => show(panel.hidden) }, label);
  const close = (event) => {
    if (event.key !== "Escape" || panel.hidden) return;
    event.stopPropagation();
    show(false);
    button.focus();
  };
  button.addEventListener("keydown", close);
  panel.addEventListener("keydown", close);
  return button;
}

/** One help line with all that we know of it, and whether it was confirmed. @param {any} one */
function contactOf(one) {
  const dial = one.phone && make("a", { href: `tel:${one.phone.replace(/\([^)]*[A-Za-z][^)]*\)|[^\d+*#]/g, "")}` }, one.phone);
  const site = /^https:/.test(one.url) && make("a", { href: one.url, rel: "noopener noreferrer" }, one.url.replace(/^https?:\/\/(www\.)?|\/$/g, ""));
  const ways = [dial, one.text, site].filter(Boolean).map((way) => make("li", {}, way));
  return [
    make("strong", {}, one.name),
    make("ul.sk-ways", {}, ways),
    [[one.scope, one.hours].filter(Boolean).join(", "), one.status].map((line) => line && make("p.sk-quiet", {}, line)),
  ];
}

/** The help lines, as a list. @param {any} ex */
const contactsOf = (ex) => {
  const all = ex.model.get("contacts") || [];
  const rest = all.slice(4);
  return [
    make("p", {}, ex.w("help-danger")), listOf("ul", all.slice(0, 4).map(contactOf)),
    rest.length > 0 && make("details", {}, make("summary", {}, ex.w("help-more")), listOf("ul", rest.map(contactOf))),
  ];
};

/** A slow minute in plain words: the exercise's own text, else the surface's words. @param {any} ex */
function pauseOf(ex) {
  const read = (id) => ex.t(`pause.${id}`) || ex.w(`pause-${id.replace(".", "-")}`);
  const steps = [];
  for (let step = read("step.0"); step; step = read(`step.${steps.length}`)) steps.push(step);
  return [make("p", {}, read("lead")), listOf("ol", steps), make("p", {}, read("close"))];
}

/** Leave now, for a notebook; first in the exercise, with what stays. @param {any} ex */
function leaveOf(ex) {
  if (ex.place !== "lab") return [];
  const stays = make("p.sk-stays", { id: freshId() }, ex.w("leave-stays-lab"));
  return [make("button.sk-leave", { "aria-describedby": stays.id, click: leaveLab }, ex.w("leave")), stays];
}

/**
 * The frame of an exercise: leave, title, step marks, help lines, pause, a body to draw in, a status line that
 * exists before anything is said in it, and a quiet footer.
 * @param {any} ex @param {string} titleText
 */
export function frameExercise(ex, titleText) {
  const { w } = ex;
  const [leave, stays] = leaveOf(ex);
  const title = make("h3", { id: freshId() }, titleText);
  const marks = make("p.sk-marks", {});
  const help = make("div.sk-panel", {}, make("h4", {}, w("help")), contactsOf(ex));
  const pause = make("div.sk-panel", {}, make("h4", {}, w("pause")), pauseOf(ex));
  const tools = make("div.sk-tools", {}, panelButton(w("help"), help), panelButton(w("pause"), pause));
  const body = make("div.sk-body", {});
  const status = make("p.sk-status", { role: "status" });
  const foot = make("div.sk-foot", {});
  const root = make("div.sk.sk-ex", { role: "group", "aria-labelledby": title.id },
    make("div.sk-top", {}, leave, title, tools, marks, stays), help, pause, body, status, foot);
  ex.el.replaceChildren(root);
  let drawn = false;
  return {
    body, foot,
    /** Say something short to everybody. @param {string} message */
    tell(message) { status.textContent = message; },
    /** Marks for decisions taken, with the same in words; there is no total. @param {number} count @param {string} inWords */
    mark(count, inWords) {
      marks.replaceChildren(...(count ? [unseen(inWords), ...Array.from({ length: count }, () => make("i", { "aria-hidden": "true" }))] : []));
    },
    /** Draw a new step and, unless it is the first, go there. @param {any[]} parts @param {any[]} [under] footer */
    draw(parts, under = []) {
      status.textContent = "";
      body.replaceChildren(...parts.flat(3).filter(Boolean));
      foot.replaceChildren(...under.flat(3).filter(Boolean));
      if (drawn) arriveAt(body.querySelector("h4,legend,p") || body);
      drawn = true;
    },
  };
}

/**
 * A content note with three ways on. All three look the same and count the same.
 * @param {any} ex @param {any[]} lead what stands before the note @param {(way: string) => void} take
 */
export function noteOf(ex, lead, take) {
  const { t, w } = ex;
  const more = make("div.sk-more", { role: "status" });
  const ways = ["start", "summary", "skip"].map((way) => make("button.sk-way3", { click: () => take(way) }, w(`note-${way}`)));
  const note = make("div.sk-note", {}, make("p", {}, make("strong", {}, w("note-title")), ` ${t("note.text")} ${w("note-equal")}`),
    make("div.sk-ways3", { role: "group", "aria-label": w("note-ways") }, ways), more);
  return {
    parts: [...lead, note],
    /** Mark the way taken and show what it brings. @param {string} way */
    show(way) {
      ways.forEach((button, place) => button.setAttribute("aria-pressed", String(["start", "summary", "skip"][place] === way)));
      const told = way === "summary" ? t("note.summary") : "";
      more.replaceChildren(...[told && make("p", {}, told), make("p", {}, w(`note-after-${way}`))].filter(Boolean));
    },
  };
}

/** The content note of a whole part: the way taken is reported; on a page, what was not chosen is put away. @param {any} ex */
function drawPartNote(ex) {
  const show = (way) => {
    note.show(way);
    if (ex.place === "page") document.body.classList.toggle("sk-away", way !== "start");
  };
  const note = noteOf(ex, [], (way) => { ex.say({ do: way }); show(way); });
  const [leave, stays] = leaveOf(ex);
  ex.el.replaceChildren(make("div.sk", {}, leave && make("div.sk-top", {}, leave, stays), note.parts));
  const last = (ex.model.get("trace") || []).slice(-1)[0];
  if (last) show(last.do);
}

/** @param {{ model: import("./dom.js").Model, el: HTMLElement }} view @returns {() => void} clean-up */
export function renderCare(view) {
  const ex = openExercise(view);
  const { kind } = ex.table;
  return ex.run(() => {
    if (kind === "note") return drawPartNote(ex);
    const [leave, stays] = leaveOf(ex);
    const title = ex.t("title") || ex.w(kind === "pause" ? "pause" : "help");
    ex.el.replaceChildren(make("div.sk.sk-ex", {}, make("div.sk-top", {}, leave, make("h3", {}, title), stays),
      kind === "pause" ? pauseOf(ex) : contactsOf(ex)));
  });
}

export default { render: renderCare };
