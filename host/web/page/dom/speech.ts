/** The call aloud, where the browser has a voice; silence is no fault. */

export function speak(text: string, language: string): void {
  if (!("speechSynthesis" in globalThis)) return;
  // The dice do not wait for the last sentence, and neither does the next call.
  speechSynthesis.cancel();
  const said = new SpeechSynthesisUtterance(text);
  said.lang = language;
  speechSynthesis.speak(said);
}
