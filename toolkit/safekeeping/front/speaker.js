// The speaker window of a deck: notes, next slide, clock, and the plan's minutes. It holds no script of its own.
import { make } from "./dom.js";
import { hostModels, readBlock, startHost } from "./host.js";

/** Rules for the speaker window; colours come from the deck's own tokens. The times stay in sight; notes scroll by themselves. */
const SPEAKER_LOOK = `*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:400 1.25rem/1.5 var(--text)}
main{display:grid;grid-template:auto auto minmax(0,1fr)/minmax(0,1fr) 19rem;gap:.75rem 2rem;height:100vh;max-width:80rem;margin:0 auto;padding:1rem 1.5rem}
header{grid-column:1/-1;display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;align-items:center}h1{flex:1 1 20rem;font-size:1.5rem;line-height:1.25;margin:0}
h2,dt{font:600 .95rem/1.4 var(--text);color:var(--quiet);margin:0}dl{margin:0}dd{margin:0 0 .75rem;font-variant-numeric:tabular-nums}
.times{grid-column:1/-1;display:flex;flex-wrap:wrap;gap:0 2.5rem;border:1px solid var(--line);border-width:1px 0;padding:.5rem 0}.times dd{font-size:1.875rem;line-height:1.2;margin:0}
section,aside{min-width:0;overflow:auto}section p{margin:.5rem 0}aside{border-left:1px solid var(--line);padding-left:1.5rem}
.acts{display:flex;flex-wrap:wrap;gap:.5rem}button{font:600 1rem/1.2 var(--text);min-height:2.75rem;padding:.5rem 1rem;border-radius:99px;border:1.5px solid var(--lake);background:var(--card);color:var(--lake)}
:focus-visible{outline:3px solid var(--lake);outline-offset:2px}@media(max-width:44rem){main{display:block;height:auto}aside{border:0;padding:0}}`;

/** Minutes and seconds. @param {number} seconds */
const clockText = (seconds) => `${seconds < 0 ? "−" : ""}${Math.floor(Math.abs(seconds) / 60)}:${String(Math.floor(Math.abs(seconds) % 60)).padStart(2, "0")}`;

/** The heading of a slide, without what unfolds below a diagram. @param {any} slide */
const slideTitle = (slide) => {
  const heading = slide && slide.querySelector("h1,h2,h3,h4,figcaption");
  return heading ? [...heading.childNodes].filter((node) => node.nodeName !== "DETAILS").map((node) => node.textContent).join("").trim() : "";
};

/** The notes of a slide; where it has none, those with which its step of the plan began. @param {any} slide @param {any[]} slides */
const notesOf = (slide, slides) => {
  const same = slides.filter((one) => one.dataset.step && one.dataset.step === slide.dataset.step && !one.id.startsWith("slide-cover-"));
  const noted = [slide, ...same].map((one) => one.querySelector("aside.notes"));
  return noted.find((notes) => notes && notes.textContent.trim());
};

/** Give a bare window the deck's tokens and the rules above, in a way that the deck's policy allows. @param {any} win */
function dressWindow(win) {
  const rules = [...document.styleSheets].flatMap((sheet) => {
    try { return [...sheet.cssRules]; } catch (unreadable) { return []; }
  });
  const tokens = rules.map((rule) => rule.cssText).filter((text) => text.includes("--paper:"));
  const sheet = new win.CSSStyleSheet();
  sheet.replaceSync([...tokens, SPEAKER_LOOK].join("\n"));
  win.document.adoptedStyleSheets = [sheet];
  win.document.documentElement.lang = document.documentElement.lang;
  win.document.body.className = document.body.className;
}

/** Open the window, or say in one sentence that the browser did not allow it. @param {Record<string, string>} words @param {any} clock */
function openSpeaker(words, clock) {
  const win = window.open("", "sk-speaker", "popup,width=1080,height=760");
  if (!win) {
    const said = make("p.sk-blocked", { role: "alert", click: () => said.remove() }, words["speaker-blocked"]);
    return document.body.append(said);
  }
  dressWindow(win);
  win.document.title = words["speaker"];
  const part = (id, kind = "dd") => make(kind, { "data-part": id });
  const pair = (id) => [make("dt", {}, words[`speaker-${id}`]), make("dd", { "data-part": id })];
  const time = (id) => make("div", {}, pair(id));
  const act = (id, run) => make("button", { click: run }, words[`speaker-${id}`]);
  const { Reveal } = window;
  const planned = clock.plan.length > 0;
  win.document.body.replaceChildren(make("main", {},
    make("header", {}, part("title", "h1"),
      make("div.acts", {}, act("previous", () => Reveal.prev()), act("forward", () => Reveal.next()),
        act("reset", () => { clock.start = Date.now(); fillTimes(win, words, clock); }))),
    make("dl.times", {}, planned ? [time("step-left"), time("pace")] : [], time("elapsed"), time("left"), time("planned"), time("clock")),
    make("section", { tabindex: "0", "aria-labelledby": "notes" }, make("h2", { id: "notes" }, words["speaker-notes"]), part("notes", "div")),
    make("aside", {}, make("dl", {}, planned ? pair("step") : [], pair("next"), planned ? pair("cut") : []))));
  win.onkeydown = (event) => {
    const run = { ArrowRight: "next", PageDown: "next", ArrowLeft: "prev", PageUp: "prev" }[event.key];
    if (run) Reveal[run]();
  };
  const fill = () => win.closed || fillSlide(win, words, clock);
  if (!clock.windows.has(win)) {
    clock.windows.add(win);
    Reveal.on("slidechanged", fill);
    const beat = setInterval(() => (win.closed ? clearInterval(beat) : fillTimes(win, words, clock)), 1000);
  }
  fill();
  return win.focus();
}

/** @param {any} win @param {string} id */
const partOf = (win, id) => win.document.querySelector(`[data-part="${id}"]`);

/** @param {any} win @param {Record<string, string>} words @param {any} clock */
function fillSlide(win, words, clock) {
  const { Reveal } = window;
  const slides = Reveal.getSlides();
  const here = Reveal.getCurrentSlide();
  const place = slides.indexOf(here);
  const notes = notesOf(here, slides);
  const own = here.contains(notes || here);
  partOf(win, "title").textContent = slideTitle(here);
  win.document.getElementById("notes").textContent = words[own ? "speaker-notes" : "speaker-step-notes"];
  partOf(win, "notes").replaceChildren(...(notes ? copyOf(win, notes) : [make("p", {}, words["speaker-none"])]));
  win.document.querySelector("section").scrollTo(0, 0);
  partOf(win, "next").textContent = slideTitle(slides[place + 1]) || words[slides[place + 1] ? "speaker-untitled" : "speaker-last"];
  startSession(clock, clock.plan[Number(here.dataset.step)]);
  const sessionOf = (slide) => (clock.plan[Number(slide.dataset.step)] || {}).session;
  const minutesOf = (some) => some.reduce((sum, slide) => sum + (sessionOf(slide) === sessionOf(here) ? Number(slide.dataset.minutes || 0) : 0), 0);
  clock.planned = minutesOf(slides.slice(0, place + 1));
  clock.whole = minutesOf(slides);
  fillTimes(win, words, clock);
}

/** A copy of the notes, built from their elements' names and text alone. @param {any} win @param {Element} from */
const copyOf = (win, from) => [...from.childNodes].map((node) => {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent;
  const el = win.document.createElement(/^(p|ul|ol|li|dl|dt|dd|h[1-6]|strong|em|div|span)$/i.test(node.nodeName) ? node.nodeName : "span");
  el.append(...copyOf(win, node));
  return el;
});

/** @param {any} win @param {Record<string, string>} words @param {any} clock */
function fillTimes(win, words, clock) {
  const gone = (Date.now() - clock.start) / 1000;
  partOf(win, "clock").textContent = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  partOf(win, "elapsed").textContent = clockText(gone);
  partOf(win, "left").textContent = clockText(clock.whole * 60 - gone);
  partOf(win, "planned").textContent = clockText(clock.planned * 60);
  if (clock.step) fillStep(win, words, clock, gone / 60);
}

/** The clock begins with each session, and counts its minutes alone. @param {any} clock @param {any} step */
function startSession(clock, step) {
  if (!step) return;
  if (clock.step && clock.step.session !== step.session) clock.start = Date.now();
  clock.step = step;
}

/** Where the speaker stands in the plan, and what could be cut next. @param {any} win @param {Record<string, string>} words @param {any} clock @param {number} gone */
function fillStep(win, words, clock, gone) {
  const { step, plan } = clock;
  const put = (id, key, fill = {}) => {
    partOf(win, id).textContent = words[key].replace(/\{(\w+)\}/g, (_, name) => fill[name]);
  };
  const late = Math.floor(gone - step.start - step.planned);
  const early = Math.floor(step.start - gone);
  const ahead = plan.filter((one) => one.session === step.session && one.start >= step.start && one.rank && one.planned > one.least);
  const next = ahead.sort((one, other) => one.rank - other.rank)[0];
  partOf(win, "step").textContent = step.title;
  partOf(win, "step-left").textContent = clockText((step.start + step.planned - gone) * 60);
  put("pace", late > 0 ? "speaker-late" : early > 0 ? "speaker-early" : "speaker-even", { n: Math.max(late, early) });
  put("cut", next ? "speaker-saves" : "speaker-no-cut", next ? { n: next.planned - next.least, title: next.title, cut: next.cut } : {});
}

/** A deck: its exercises, and the speaker window under the key s. */
export function startDeck() {
  startHost({ place: "deck" });
  const words = readBlock(document.getElementById("sk-words"), {});
  const plan = readBlock(document.getElementById("sk-plan"), []);
  const clock = { start: Date.now(), planned: 0, whole: 0, windows: new Set(), plan, step: null };
  addEventListener("keydown", (event) => {
    const plain = event.key === "s" && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (!plain || event.target.closest("input,textarea,select")) return;
    event.stopImmediatePropagation();
    openSpeaker(words, clock);
  }, true);
}

export default { start: startDeck, models: hostModels };
