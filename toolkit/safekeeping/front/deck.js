// A deck: slides by reveal.js on a wide screen; a plain page where the screen is narrow, zoomed, printed, or asked for.
import { startDeck } from "./speaker.js";

const deckLook = () => document.getElementById("sk-reveal");
const wideScreen = matchMedia("(min-width: 800px)");
const readingAsked = /[?&](reading|print-pdf)\b/.test(location.search);

/** Slides on: reveal's own style is switched on only now, so that without scripts the slides read as a page. */
async function slidesOn() {
  deckLook().media = "screen";
  document.body.classList.add("sk-deck", "sk-slides");
  const { Reveal } = window;
  await Reveal.initialize({
    width: 1280, height: 720, margin: 0, center: false, hash: false, history: false, transition: "none",
    backgroundTransition: "none", slideNumber: false, progress: true, controls: true, controlsTutorial: false, controlsBackArrows: "visible",
    help: false, overview: false, touch: true, viewDistance: 99, scrollActivationWidth: null,
    keyboard: { 83: null, 88: null, 70: null },
  });
  // reveal calls itself an application, which would take reading keys away from screen readers.
  document.querySelector(".reveal").removeAttribute("role");
}

/** Slides off: the same content as a page. */
function slidesOff() {
  const { Reveal } = window;
  if (Reveal.isReady()) Reveal.destroy();
  deckLook().media = "not all";
  document.body.classList.remove("sk-deck", "sk-slides");
  showAll();
}

/** For paper and reading: no slide is hidden from a reader or from the tags of a PDF. */
function showAll() {
  for (const slide of document.querySelectorAll(".slides section")) {
    for (const name of ["inert", "hidden", "aria-hidden"]) slide.removeAttribute(name);
  }
}

export function showDeck() {
  startDeck();
  const fit = () => (wideScreen.matches && !readingAsked ? slidesOn() : slidesOff());
  wideScreen.addEventListener("change", fit);
  addEventListener("beforeprint", showAll);
  addEventListener("afterprint", () => window.Reveal.isReady() && window.Reveal.sync());
  return fit();
}

export default { start: showDeck };
