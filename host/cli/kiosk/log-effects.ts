/** What a kiosk's log tells of its engine, its mesh and its radios: what changes, and not what goes on. */
import type { LogLevel } from "../../../protocol/link/events.ts";
import type { Effect } from "../../engine/consensus/events.ts";
import type { Logger } from "../../logs/logger.ts";
import type { RadioReport } from "../../node/radio-transport.ts";
import type { SeenRoll } from "../../node/roll-watch.ts";
import { type Device, deviceText } from "../../radio/device-url.ts";

export interface EffectLog {
  readonly on: (effect: Effect) => void;
  readonly onRoll: (roll: SeenRoll) => void;
  /** What a radio tells of itself, by the urgency that it gives it. */
  readonly onRadio: (device: Device, level: LogLevel, text: string) => void;
  /** Now and then: of radios only what is another than before is told. */
  readonly look: (radios: readonly RadioReport[]) => void;
}

export function effectLog(log: Logger): EffectLog {
  const [engine, game, judge, storage, radio] = (["engine", "game", "judge", "storage", "radio"] as const).map(log.of);
  const words = new Map<string, string>();
  return {
    on(effect) {
      switch (effect.type) {
        case "entered":
          engine.info("view entered", { epoch: effect.epoch, view: effect.view, primary: effect.primary });
          break;
        case "executed":
          engine.debug("executed", { sequence: effect.sequence, requests: effect.done.length });
          break;
        case "stable":
          storage.debug("checkpoint stable", { sequence: effect.sequence });
          break;
        case "muted":
          engine.warn("signs nothing", { why: effect.why, until: effect.until });
          break;
        case "unmuted":
          engine.info("signs again");
          break;
        case "evidence":
          judge.warn("evidence found", { kind: effect.evidence.type });
          break;
        case "malformed":
          engine.warn("malformed message", { why: effect.why });
          break;
        case "refused":
          engine.debug("request not taken", { seat: effect.seat, why: effect.why });
          break;
        case "outdated":
          engine.error("the table plays by rules that this program does not know", { rules: effect.rules });
          break;
        default:
          break;
      }
    },
    onRoll({ roll, fell, point, shooter }) {
      if (fell === undefined) game.warn("roll called off", { roll });
      else game.info("rolled", { roll, dice: [fell.first, fell.second], point, shooter: shooter ?? null });
    },
    onRadio(device, level, text) {
      radio[URGENCIES[level]]("a radio says", { device: deviceText(device), text });
    },
    look(radios) {
      for (const { device, words: now, isUp, board } of radios) {
        const name = deviceText(device);
        if (words.get(name) === now) continue;
        words.set(name, now);
        radio[isUp || board === "" ? "info" : "warn"]("radio", { device: name, words: now });
      }
    },
  };
}

const URGENCIES = Object.freeze(["error", "warn", "info", "debug"] as const);
