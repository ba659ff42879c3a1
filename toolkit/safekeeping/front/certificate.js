// A record of learning, made and kept in the reader's own page; its code shows typing errors and proves nothing.
import { make } from "./dom.js";
import { partDone, dayOf } from "./journey.js";
import { checkMet } from "./mastery.js";
import { record, saveFile, siteWord } from "./keep.js";

const DIGITS36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const PART_SIGNS = "0123456789ABDEFGHJKLMNQRSTUWYZ"; // one for each number of a part; without the letters that divide a code

/** The remainder by 1271 of letters and digits read as one number with 36 digits. @param {string} word */
const remainder1271 = (word) => [...word].reduce((rest, sign) => (rest * 36 + DIGITS36.indexOf(sign)) % 1271, 0);

/**
 * The two check characters of ISO 7064 MOD 1271-36: one wrong sign, or two neighbours swapped, always shows.
 * @param {string} word letters and digits
 */
export function checkSigns(word) {
  const value = (1 + 1271 - remainder1271(`${word}00`)) % 1271;
  return DIGITS36[Math.floor(value / 36)] + DIGITS36[value % 36];
}

/** Numbers of parts, one sign each: part 10 is A. @param {number[]} numbers */
const signsOf = (numbers) => numbers.map((number) => PART_SIGNS[number] || "").join("");

/**
 * Version, day, parts and checks as a code with two check characters, for example "V0X1X0-20261122-P0123-C123-QW".
 * @param {{ version: string, day: string, parts: number[], checks: number[] }} told
 */
export function recordCode({ version, day, parts, checks }) {
  const pieces = [`V${version.replace(/\D+/g, "X")}`, day.replace(/-/g, ""), `P${signsOf(parts)}`, `C${signsOf(checks)}`];
  return [...pieces, checkSigns(pieces.join(""))].join("-");
}

/** What a code says, or null where a sign is wrong. Small letters, spaces and hyphens do not matter. @param {string} typed */
export function readCode(typed) {
  const word = typed.slice(0, 200).toUpperCase().replace(/[\s\u2010-\u2015-]/g, "");
  const found = /^V([\dX]+?)(\d{8})P([0-9ABD-Z]*)C([0-9ABD-Z]*)([0-9A-Z]{2})$/.exec(word);
  if (!found || remainder1271(word) !== 1) return null;
  const numbers = (signs) => [...signs].map((sign) => PART_SIGNS.indexOf(sign));
  const day = `${found[2].slice(0, 4)}-${found[2].slice(4, 6)}-${found[2].slice(6)}`;
  return { version: found[1].replace(/X/g, "."), day, parts: numbers(found[3]), checks: numbers(found[4]) };
}

/** The sheet to print. @param {any} course @param {string} name @param {any[]} done @param {any[]} met @param {string} label */
function sheetOf(course, name, done, met, label) {
  const w = siteWord;
  const day = dayOf();
  const code = recordCode({ version: course.version, day, parts: done.map((part) => part.n), checks: met.map((part) => part.n) });
  const row = (part) => make("li", {}, part.n ? w("certificate.part", { n: part.n, title: part.title }) : part.title);
  return make("div.sk-sheet", { role: "group", "aria-label": w("certificate.heading") },
    make("h2", {}, w("certificate.heading")), make("p.sk-holder", { dir: "auto" }, name || w("certificate.nobody")),
    done.length > 0 && [make("p", {}, w("certificate.says")), make("ul", {}, done.map(row))],
    met.length > 0 && make("p", {}, w("certificate.met", { parts: met.map((part) => part.n).join(", ") })),
    make("p", {}, w("certificate.course", { version: course.version }), ". ", w("certificate.day", { day })),
    make("p.sk-label", {}, label), make("p", {}, w("certificate.honest")),
    make("p.sk-code", {}, w("certificate.code", { code })), make("p.sk-quiet", {}, w("certificate.code-note")));
}

/** The sheet as a file of its own, without scripts. @param {Element} sheet */
function sheetFile(sheet) {
  const copy = document.implementation.createHTMLDocument(siteWord("certificate.heading"));
  copy.documentElement.lang = document.documentElement.lang;
  copy.head.prepend(copy.createElement("meta"));
  copy.head.firstChild.setAttribute("charset", "utf-8");
  copy.body.append(copy.importNode(sheet, true));
  return `<!doctype html>\n${new XMLSerializer().serializeToString(copy.documentElement)}`;
}

/** The form, the sheet, and a reader for codes. @param {HTMLElement} root @param {any} course */
export function drawRecord(root, course) {
  const w = siteWord;
  const done = course.parts.filter((part) => partDone(part, record.traces));
  const met = course.parts.filter((part) => part.check && checkMet(part.check, record.traces[part.check.id]));
  if (done.length + met.length === 0) return root.replaceChildren(make("p", {}, w("certificate.none")));
  const before = root.querySelector("input");
  const input = make("input", { type: "text", maxlength: 80, autocomplete: "off", spellcheck: "false", dir: "auto", id: "sk-name" });
  if (before) input.value = before.value;
  const spot = make("div", {});
  const draw = () => spot.replaceChildren(sheetOf(course, input.value.trim(), done, met, course.label));
  input.addEventListener("input", draw);
  draw();
  return root.replaceChildren(
    make("p.sk-field", {}, make("label", { for: "sk-name" }, w("certificate.name")), input, make("span.sk-quiet", {}, w("certificate.name-note"))),
    spot,
    make("div.sk-acts-row", {}, make("button.sk-go", { click: () => print() }, w("certificate.print")),
      make("button.sk-act", { click: () => saveFile("record-of-learning.html", "text/html", sheetFile(spot.firstChild)) }, w("certificate.save"))));
}

/** Type a code, read what it says. @param {HTMLElement} root */
export function drawCodeReader(root) {
  const w = siteWord;
  const input = make("input", { type: "text", id: "sk-code", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: 160 });
  const told = make("p", { role: "status" });
  const read = () => {
    const says = readCode(input.value);
    const list = (numbers) => numbers.join(", ") || w("certificate.check-none");
    told.textContent = says ? w("certificate.check-good", { version: says.version, day: says.day, parts: list(says.parts), checks: list(says.checks) }) : w("certificate.check-bad");
  };
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") read(); });
  root.replaceChildren(make("details", {}, make("summary", {}, w("certificate.check")),
    make("p.sk-field", {}, make("label", { for: "sk-code" }, w("certificate.check-label")), input),
    make("button.sk-act", { click: read }, w("certificate.check-go")), told));
}
