/** Where a fake kiosk's dice come from. */
import { ROLLS } from "../../../../host/engine/games/craps/dice.ts";
import type { RollFile } from "../../../../host/node/roll-file.ts";

export type Wanted = (first: number, second: number) => boolean;

export interface Thrown {
  readonly first: number;
  readonly second: number;
  readonly file: RollFile;
  readonly digest: string;
}

export interface DiceSource {
  /** Keys, in their order. */
  readonly members: readonly string[];
  /** The digest of bets with which the dice will fall so. */
  lockFor(wanted: Wanted): string;
  throw(): Thrown;
}

/** For stories in which nobody looks at a proof. */
export class PlainDice implements DiceSource {
  readonly members = ["00", "01", "02", "03"].map((byte) => byte.repeat(32));
  #next = { first: 1, second: 1 };

  lockFor(wanted: Wanted): string {
    this.#next = ROLLS.find(({ first, second }) => wanted(first, second))!;
    return "00".repeat(32);
  }

  throw(): Thrown {
    const { members } = this;
    return {
      ...this.#next,
      file: { rollProof: 1, table: "07".repeat(16), epoch: 0, members, proof: "" },
      digest: "00".repeat(32),
    };
  }
}
