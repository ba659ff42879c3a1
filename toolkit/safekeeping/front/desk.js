// Home, "Your place" and the record: the course as a whole, and what waits after some time.
import { make } from "./dom.js";
import { readBlock } from "./host.js";
import { record, saveFile, siteWord } from "./keep.js";
import { dayOf, doneDays, drawJourney } from "./journey.js";
import { checkMet } from "./mastery.js";
import { drawCodeReader, drawRecord, readCode, recordCode } from "./certificate.js";
import { startSite } from "./site.js";

/** A day some days after another. @param {string} day year-month-day @param {number} later */
function dayAfter(day, later) {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, date + later)).toISOString().slice(0, 10);
}

/** Three whole days as a calendar file (RFC 5545): a neutral word, no link, no alarm. @param {string[]} days @param {string} word */
export function calendarText(days, word) {
  const stamp = `${dayOf().replace(/-/g, "")}T000000Z`;
  const events = days.map((day, place) => ["BEGIN:VEVENT", `UID:${day}-${place}@reading.invalid`, `DTSTAMP:${stamp}`,
    `DTSTART;VALUE=DATE:${day.replace(/-/g, "")}`, `SUMMARY:${word.replace(/[\\;,]/g, "\\$&").replace(/\s+/g, " ")}`, "TRANSP:TRANSPARENT", "END:VEVENT"]);
  return ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//reading//EN", ...events.flat(), "END:VCALENDAR", ""].join("\r\n");
}

/** What waits after some time, counted from the last part done. @param {HTMLElement} root @param {{ day: number, page: string }[]} boosters */
function drawBoosters(root, boosters) {
  const w = siteWord;
  const last = Object.values(doneDays(record.traces)).filter((day) => /^\d{4}-\d\d-\d\d$/.test(day)).sort().slice(-1)[0];
  if (!last || boosters.length === 0) return root.replaceChildren();
  const today = dayOf();
  const rows = boosters.map(({ day, page }) => {
    const due = dayAfter(last, day);
    return due <= today ? make("a", { href: page }, w("keep.booster-due", { n: day })) : w("keep.booster-later", { n: day, day: due });
  });
  const coming = boosters.map(({ day }) => dayAfter(last, day)).filter((day) => day > today);
  const calendar = () => saveFile("reading.ics", "text/calendar", calendarText(coming, w("keep.calendar-word")));
  return root.replaceChildren(...[
    make("p", {}, w("keep.booster-lead")), make("ul", {}, rows.map((row) => make("li", {}, row))),
    coming.length > 0 && make("details", {}, make("summary", {}, w("keep.calendar")),
      make("p", {}, w("keep.calendar-note", { word: w("keep.calendar-word") })), make("button.sk-act", { click: calendar }, w("keep.calendar"))),
  ].filter(Boolean));
}

/** Start a page about the whole course. */
function startDesk() {
  const course = readBlock(document.getElementById("sk-course"), { parts: [], boosters: [] });
  const spot = (id) => document.getElementById(id);
  if (spot("sk-code-reader")) drawCodeReader(spot("sk-code-reader"));
  startSite({
    draw() {
      if (spot("sk-journey")) drawJourney(spot("sk-journey"), course.parts, (part) => Boolean(part.check) && checkMet(part.check, record.traces[part.check.id]));
      if (spot("sk-boosters")) drawBoosters(spot("sk-boosters"), course.boosters);
      if (spot("sk-record")) drawRecord(spot("sk-record"), course);
    },
  });
}

export default { start: startDesk, record, recordCode, readCode, calendarText };
