// The search page: an index made in the reader's own browser from texts that stand in this page alone.
import { make } from "./dom.js";
import { readBlock } from "./host.js";
import { siteWord } from "./keep.js";
import { startSite } from "./site.js";

const MOST_FOUND = 20;
const AROUND = 90; // signs shown before and after a word that was found

/** The place of a text where the words stand. @param {string} text @param {string[]} words */
function excerptOf(text, words) {
  const low = text.toLowerCase();
  const at = Math.min(...words.map((word) => low.indexOf(word)).filter((place) => place >= 0), low.length);
  const from = Math.max(0, at === low.length ? 0 : low.lastIndexOf(" ", Math.max(0, at - AROUND)) + 1);
  const to = text.indexOf(" ", from + 2 * AROUND);
  return `${from > 0 ? "… " : ""}${text.slice(from, to < 0 ? undefined : to)}${to < 0 ? "" : " …"}`;
}

/** Words alone: what stands between them would stick to them. @param {string} text */
const wordsOf = (text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);

/** Texts as an index of the library that the page carries. @param {[string, string, string, string][]} texts address, where, heading, text */
function indexOf(texts) {
  const index = globalThis.elasticlunr(function describe() {
    this.setRef("place");
    this.addField("heading");
    this.addField("text");
    this.saveDocument(false);
  });
  texts.forEach(([, , heading, text], place) => index.addDoc({ place: String(place), heading: wordsOf(heading).join(" "), text: wordsOf(text).join(" ") }));
  return index;
}

/** Start the search page. */
function startFind() {
  startSite();
  const root = document.getElementById("sk-find");
  const texts = readBlock(document.getElementById("sk-texts"), []);
  const w = siteWord;
  let index = null;
  const input = make("input", { type: "search", id: "sk-words-wanted", autocomplete: "off", spellcheck: "false", maxlength: 120 });
  const told = make("p.sk-status", { role: "status" });
  const list = make("ol.sk-found", {});
  const look = () => {
    const words = wordsOf(input.value);
    if (words.length === 0) {
      told.textContent = "";
      return list.replaceChildren();
    }
    index = index || indexOf(texts);
    const hits = index.search(words.join(" "), { fields: { heading: { boost: 3 }, text: { boost: 1 } }, bool: "AND", expand: true });
    const key = hits.length === 0 ? "find.none" : hits.length === 1 ? "find.one" : hits.length > MOST_FOUND ? "find.first" : "find.many";
    told.textContent = w(key, { n: hits.length, most: MOST_FOUND });
    return list.replaceChildren(...hits.slice(0, MOST_FOUND).map(({ ref }) => {
      const [href, where, heading, text] = texts[Number(ref)];
      return make("li", {}, make("a", { href }, heading), make("span.sk-quiet", {}, where), make("p", {}, excerptOf(text, words)));
    }));
  };
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") look(); });
  root.replaceChildren(make("p.sk-field", { role: "search" }, make("label", { for: "sk-words-wanted" }, w("find.label")), input, make("button.sk-go", { click: look }, w("find.go"))), told, list);
}

export default { start: startFind };
