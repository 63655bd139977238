/**
 * Those who look on at a member's table: whoever was accepted without a place asks as a stranger what it lacks, and is told what is
 * proved, and given the chunks of states and batches by measure. It has no vote, and what it says decides nothing.
 */
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { type Millis, memberIndex } from "../../protocol/core/units.ts";
import type { SyncStep } from "../../protocol/message/sync.ts";
import { ANSWER_EVERY_MS } from "../engine/consensus/limits.ts";
import { objectNamed } from "../engine/consensus/objects.ts";
import { helpOnlooker } from "../engine/consensus/onlookers.ts";
import type { Replica } from "../engine/consensus/state.ts";
import { HELD_OBJECTS_MAX } from "../engine/objects/limits.ts";
import { answer, hold, holdings, isHeld, letGo, type ServeEffect } from "../engine/objects/serve.ts";
import type { Ports } from "../engine/ports.ts";
import { SPECTATORS_MAX } from "../engine/reception/limits.ts";
import type { Reception } from "../engine/reception/reception-state.ts";
import type { Letter } from "../mesh/judge.ts";
import { ONLOOKER_BYTES_PER_SECOND } from "./limits.ts";
import type { OnlookerLetter } from "./perform.ts";

export interface OnlookersPorts {
  readonly replica: Replica<unknown>;
  readonly reception: Reception;
  readonly ports: Pick<Ports, "digest">;
  readonly now: () => Millis;
  /** In this turn. */
  readonly write: (letter: OnlookerLetter) => void;
}

export interface OnlookersPart {
  /** True where it was from one who looks on, or would like to. */
  readonly letter: (letter: Letter) => boolean;
}

interface Onlooker {
  readonly key: Uint8Array;
  answeredAt: number;
}

export function onlookersPart(of: OnlookersPorts): OnlookersPart {
  const { replica, reception, ports, now, write } = of;
  const held = holdings(now(), SPECTATORS_MAX, ONLOOKER_BYTES_PER_SECOND);
  const onlookers: (Onlooker | undefined)[] = new Array(SPECTATORS_MAX).fill(undefined);

  const isAccepted = (key: Uint8Array): boolean =>
    reception.applicants.some(
      ({ key: each, request, stage }) =>
        request.role === "spectator" &&
        stage.type === "answered" &&
        stage.answer.type === "accept" &&
        bytesEqual(each, key),
    );

  /** Its measure stays its own while it is accepted. */
  const slotOf = (key: Uint8Array): number => {
    const known = onlookers.findIndex((each) => each !== undefined && bytesEqual(each.key, key));
    if (known >= 0) return known;
    const free = onlookers.findIndex((each) => each === undefined || !isAccepted(each.key));
    if (free >= 0) onlookers[free] = { key: new Uint8Array(key), answeredAt: Number.NEGATIVE_INFINITY };
    return free;
  };

  const serve = (slot: number, to: Uint8Array, asked: Extract<SyncStep, { type: "requestChunks" }>): void => {
    const bytes = isHeld(held, asked.object) ? undefined : objectNamed(replica, asked.object);
    if (bytes !== undefined) {
      if (held.held.length === HELD_OBJECTS_MAX) letGo(held, held.held[0].name);
      hold(held, asked.object, bytes);
    }
    const effects: ServeEffect[] = [];
    answer(held, now(), memberIndex(slot), asked, ports, effects);
    for (const { step } of effects) write({ to, message: { type: "stateSync", step } });
  };

  return {
    letter(letter) {
      if ("said" in letter || letter.from.type !== "stranger" || letter.message.type !== "stateSync") return false;
      const { key, table } = letter.from;
      if (replica.me < 0 || table === undefined || !bytesEqual(table, replica.table) || !isAccepted(key)) return true;
      const slot = slotOf(key);
      const onlooker = onlookers[slot];
      const { step } = letter.message;
      if (onlooker === undefined) return true;
      if (step.type === "requestChunks") serve(slot, onlooker.key, step);
      else if (step.type === "status" && now() >= onlooker.answeredAt + ANSWER_EVERY_MS) {
        onlooker.answeredAt = now();
        for (const said of helpOnlooker(replica, slot, step)) write({ to: onlooker.key, said });
      }
      return true;
    },
  };
}
