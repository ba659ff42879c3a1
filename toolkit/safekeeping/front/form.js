// A form before or after the course: answers stay in this view's memory; at the end they become a file or a list to copy.
import { freshId, listOf, make, openExercise } from "./dom.js";
import { frameExercise } from "./care.js";
import { radioGroup } from "./quiz.js";

/** What was answered, by model: it outlives a redrawn cell and nothing else. Never synced, never stored. */
const formStates = new WeakMap();

const CODE_FORMS = { letter: /^\S$/, "two-digits": /^\d{1,2}$/, number: /^\d{1,2}$/ };

/** A word of this surface, with its {blanks} filled. @param {any} set @param {string} key @param {Record<string, any>} [fill] */
const sayOf = ({ ex }, key, fill = {}) => (ex.table.words[key] || "").replace(/\{(\w+)\}/g, (_, name) => fill[name]);

/** Radios that can be cleared again: nobody has to answer. @param {any} set @param {any} group @param {string} column @param {any} [line] where the button goes */
function clearable(set, group, column, line = group.el) {
  const clear = make("button.sk-text", { click: () => {
    for (const input of group.el.querySelectorAll("input")) input.checked = false;
    clear.hidden = true;
    group.el.querySelector("input").focus();
  } }, sayOf(set, "clear"));
  clear.hidden = group.value() === null;
  group.el.addEventListener("change", () => { clear.hidden = false; });
  line.insertBefore(clear, line === group.el ? null : line.lastChild);
  return { el: group.el, read: () => ({ [column]: group.value() || "" }) };
}

/** @param {any} set @param {any} part @param {any} question */
function choiceOf(set, part, question) {
  const { ex, cells } = set;
  const { column, label, letters } = question;
  const options = letters.map((letter) => [letter, [`${letter}. `, ex.t(`${column}.${letter}`)]]);
  options.push([ex.table.unknown, [sayOf(set, "unknown")]]);
  return clearable(set, radioGroup(`${label}. ${ex.t(`${column}.text`)}`, options, "sk-opt", cells[column]), column);
}

/** @param {any} set @param {any} part @param {any} question */
function scaleOf(set, part, question) {
  const { ex, cells } = set;
  const { column, label } = question;
  const { least, most } = part;
  const ends = { [least]: ex.t(`${part.id}.low`), [most]: ex.t(`${part.id}.high`) };
  const numbers = Array.from({ length: most - least + 1 }, (_, place) => String(least + place));
  const shown = (n) => [n, ends[n] && make("span.sk-hide", {}, `, ${ends[n]}`)];
  const group = radioGroup(`${label}. ${ex.t(`${column}.text`)}`, numbers.map((n) => [n, shown(n)]), "sk-num", cells[column]);
  group.el.classList.add("sk-form-scale", numbers.length > 7 ? "sk-form-wide" : "sk-form-narrow");
  const line = make("div.sk-ends", {}, [least, most].map((n) => make("span", { "aria-hidden": "true" }, `${n} ${ends[n]}`)));
  group.el.append(line);
  const asked = clearable(set, group, column, line);
  const scene = ex.t(`${column}.case`);
  return scene ? { ...asked, el: make("div", {}, make("p.sk-case", {}, scene), asked.el) } : asked;
}

/** Boxes to tick; "none of these" tells a no from a question left out. @param {any} set @param {any} part */
function ticksOf(set, part) {
  const { ex, cells } = set;
  const box = (value, words) => {
    const input = make("input", { type: "checkbox", value });
    return [input, make("li", {}, make("label.sk-check", {}, input, make("span", {}, words)))];
  };
  const rows = part.questions.map(({ column, label }) => box(column, `${label}. ${ex.t(`${column}.text`)}`));
  const [none, last] = box("", sayOf(set, "none-of-these"));
  for (const [input] of rows) {
    input.checked = cells[input.value] === "1";
    input.addEventListener("change", () => { none.checked = none.checked && !input.checked; });
  }
  none.checked = part.questions.every(({ column }) => cells[column] === "0");
  none.addEventListener("change", () => { for (const [input] of rows) input.checked = input.checked && !none.checked; });
  const said = () => none.checked || rows.some(([input]) => input.checked);
  return {
    el: make("fieldset", {}, make("legend.sk-hide", {}, ex.t(`${part.id}.title`)), make("ul.sk-checks", {}, rows.map((row) => row[1]), last)),
    read: () => Object.fromEntries(rows.map(([input]) => [input.value, said() ? String(Number(input.checked)) : ""])),
  };
}

/** A long part in pieces that fit a few screens: five choices, or two cases of four actions. @param {any} ex @param {any} part */
function piecesOf(ex, part) {
  const size = part.type === "choice" ? 5 : ex.t(`${part.questions[0].column}.case`) ? 8 : part.questions.length;
  const starts = part.questions.map((_, place) => place).filter((place) => place % size === 0);
  return starts.map((place) => ({ ...part, first: place === 0, questions: part.questions.slice(place, place + size) }));
}

/** The parts that have columns. @param {any} ex */
const askedOf = (ex) => ex.table.parts.filter((part) => part.type !== "open");

/** The steps: what comes, each piece of a part, the code, the end. @param {any} set */
const stepsOf = ({ ex }) => [drawOpening, ...askedOf(ex).flatMap((part) => piecesOf(ex, part)).map((part) => (set) => drawQuestions(set, part)), drawCode, drawEnd];

/** @param {any} set @param {any[]} parts @param {() => boolean} keep false stays here @param {string} [go] key of the button */
function drawStep(set, parts, keep, go = "next") {
  const move = (by) => {
    if (!keep() && by > 0) return;
    set.at += by;
    stepsOf(set)[set.at](set);
  };
  const last = set.at === stepsOf(set).length - 1;
  const back = set.at > 0 && make("button.sk-text", { click: () => move(-1) }, sayOf(set, "previous"));
  const on = !last && make("button.sk-go", { click: () => move(1) }, sayOf(set, go));
  set.frame.draw(parts, [make("div.sk-acts", {}, back, on)]);
}

/** @param {any} set */
function drawOpening(set) {
  const { t } = set.ex;
  drawStep(set, [make("p", {}, t("intro")), make("p.sk-quiet", {}, t("minutes")), make("p", {}, sayOf(set, "private"))], () => true, "begin");
}

/** @param {any} set @param {any} part */
function drawQuestions(set, part) {
  const { ex, cells } = set;
  const asked = part.type === "tick" ? [ticksOf(set, part)] : part.questions.map((question) => (part.type === "choice" ? choiceOf : scaleOf)(set, part, question));
  const keep = () => { for (const one of asked) Object.assign(cells, one.read()); return true; };
  drawStep(set, [make("h4", {}, ex.t(`${part.id}.title`)), part.first && make("p", {}, ex.t(`${part.id}.intro`)), asked.map((one) => one.el)], keep);
}

/** The elements of the pseudonym, each in a field of its own, and the role; all may stay free. @param {any} set */
function drawCode(set) {
  const { ex, cells, frame } = set;
  const rows = ex.table.codes.map((kind, place) => {
    const name = `code-${place + 1}`;
    const hint = make("span.sk-quiet", { id: freshId() }, [ex.t(`${name}.hint`), ex.t(`${name}.pattern`)].filter(Boolean).join(" · "));
    const field = make("input.sk-element", { id: freshId(), type: "text", size: 3, maxlength: kind === "letter" ? 1 : 2, inputmode: kind !== "letter" && "numeric", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", "aria-describedby": hint.id });
    field.value = cells[`code_${place + 1}`] || "";
    return { kind, field, column: `code_${place + 1}`, el: make("div.sk-element-line", {}, make("label", { for: field.id }, `${place + 1}. ${ex.t(`${name}.text`)}`), field, hint) };
  });
  const role = radioGroup(sayOf(set, "where-title"), ex.table.roles.map((id) => [id, [ex.t(`role-${id}`)]]), "sk-pill", cells.role);
  const chosen = clearable(set, role, "role");
  const keep = () => {
    Object.assign(cells, chosen.read());
    for (const { kind, field, column } of rows) {
      const raw = field.value.trim().toUpperCase();
      const wrong = raw !== "" && !CODE_FORMS[kind].test(raw);
      setWrong(field, wrong);
      if (wrong) {
        frame.tell(sayOf(set, `code-wrong-${kind}`));
        field.focus();
        return false;
      }
      cells[column] = raw && kind === "two-digits" ? raw.padStart(2, "0") : kind === "number" && raw ? String(Number(raw)) : raw;
    }
    return true;
  };
  drawStep(set, [make("h4", {}, sayOf(set, "code-title")), make("p", {}, sayOf(set, "code-why")), rows.map((row) => row.el), chosen.el], keep);
}

/** @param {any} field @param {boolean} wrong */
const setWrong = (field, wrong) => (wrong ? field.setAttribute("aria-invalid", "true") : field.removeAttribute("aria-invalid"));

/** The Monday of this week: the day itself would tell more than anybody needs. */
function mondayOf() {
  const day = new Date();
  day.setDate(day.getDate() - ((day.getDay() + 6) % 7));
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
}

/** Two lines of CSV: header and answers. @param {any} set */
export function fileOf({ ex, cells }) {
  const row = { ...cells, ...ex.table.row, date: mondayOf() };
  const cell = (value) => (/[",\r\n]/.test(value) ? `"${value.replace(/"/g, '""')}"` : value);
  const line = (values) => values.map((value) => cell(value || "")).join(",");
  return `${line(ex.table.header)}\r\n${line(ex.table.header.map((column) => row[column]))}\r\n`;
}

/** A file that the browser makes itself; nothing is asked of any server. @param {string} text */
function giveFile(text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  make("a", { href: address, download: "answers.csv" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 30000);
}

/** @param {any} set */
function drawEnd(set) {
  const { ex, cells, frame } = set;
  const parts = askedOf(ex);
  const open = ex.table.parts.filter((part) => part.type === "open");
  const columns = parts.flatMap((part) => part.questions.map((question) => question.column));
  const copied = (part) => part.questions.map(({ column, label }) => `${label}:\u00a0${cells[column] || "–"}`).join("   ");
  const save = make("button.sk-go", { click: () => { giveFile(fileOf(set)); frame.tell(sayOf(set, "saved")); } }, sayOf(set, "save"));
  const code = ex.table.codes.map((_, place) => `${place + 1}:\u00a0${cells[`code_${place + 1}`] || "–"}`).join("   ");
  const lists = [...parts.map((part) => [ex.t(`${part.id}.title`), copied(part)]), [sayOf(set, "code-title"), code]];
  drawStep(set, [
    make("h4", {}, sayOf(set, "end-title")),
    make("p", {}, sayOf(set, "end-count", { n: columns.filter((column) => cells[column]).length, of: columns.length })),
    make("p", {}, save),
    make("details", {}, make("summary", {}, sayOf(set, "copy")), make("p.sk-quiet", {}, sayOf(set, "copy-lead")),
      lists.map(([name, line]) => [make("h5", {}, name), make("p.sk-copied", {}, line)])),
    open.map((part) => [make("p", {}, sayOf(set, "open-lead")), listOf("ul", part.questions.map(({ column }) => ex.t(`${column}.text`)))]),
  ], () => true);
}

/** @param {{ model: import("./dom.js").Model, el: HTMLElement }} drawn @returns {() => void} clean-up */
export function renderForm(drawn) {
  const ex = openExercise(drawn);
  const kept = formStates.get(drawn.model) || { at: 0, cells: {} };
  formStates.set(drawn.model, kept);
  return ex.run(() => {
    const set = Object.assign(kept, { ex, frame: frameExercise(ex, ex.t("title")) });
    stepsOf(set)[set.at](set);
  });
}

export default { render: renderForm };
