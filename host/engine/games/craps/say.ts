/** What a bet is called in a person's language. */
import type { Texts } from "../../game/game.ts";
import type { Spot } from "./spots.ts";

export function spotText(texts: Texts, { family, number }: Spot): string {
  const [first, second] = [(number - (number % 10)) / 10, number % 10];
  return texts[family].replace("{number}", `${number}`).replace("{first}", `${first}`).replace("{second}", `${second}`);
}
