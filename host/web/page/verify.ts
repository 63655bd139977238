/** The checker for at home: one file, no network, the same verifier as the kiosk's and the command line's. */
import { newPage, USUAL_PREFERENCES } from "./core/page-state.ts";
import { patchChildren } from "./dom/patch.ts";
import { LANGUAGES, languageOf } from "./strings/texts.ts";
import { browserPorts } from "./trust/browser-ports.ts";
import { checkRoll } from "./trust/check-roll.ts";
import { joinCodes } from "./trust/proof-codes.ts";
import { verifierPage } from "./view/verifier-page.ts";

const root = document.getElementById("page") as HTMLElement;
const spoken = navigator.languages.find((each) => LANGUAGES.some(({ code }) => each.startsWith(code)));
const page = newPage(0, { ...USUAL_PREFERENCES, language: spoken ?? "en" });

draw(undefined);

function draw(checked: Parameters<typeof verifierPage>[1]): void {
  const { code, direction } = languageOf(page.preferences.language);
  document.documentElement.lang = code;
  document.documentElement.dir = direction;
  patchChildren(root, verifierPage(page, checked));
}

/** A file, or the texts of its codes one a line. */
function check(text: string): void {
  const codes = text.trim().split(/\r?\n(?=HW\d)/);
  draw(checkRoll(browserPorts, text.trimStart().startsWith("HW") ? (joinCodes(codes) ?? "") : text, undefined));
}

document.addEventListener("change", ({ target }) => {
  if (target instanceof HTMLInputElement) void target.files?.[0]?.text().then(check);
  if (target instanceof HTMLTextAreaElement && target.value.trim() !== "") check(target.value);
});
document.addEventListener("click", ({ target }) => {
  const language = target instanceof Element ? target.closest("[data-language]")?.getAttribute("data-language") : null;
  if (typeof language !== "string") return;
  page.preferences.language = language;
  draw(undefined);
});
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  void event.dataTransfer?.files[0]?.text().then(check);
});
