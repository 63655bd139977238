/** What a kiosk does beside agreeing: it knows who is here and what that means for its people, and lets others ask for a place. The
 * loop gives it what came and what was done, and has nothing else to do with it. */
import type { Board } from "../../protocol/message/boards.ts";
import type { JoinRequest } from "../../protocol/message/join.ts";
import type { Effect, Event } from "../engine/consensus/events.ts";
import type { Replica, World } from "../engine/consensus/state.ts";
import { step } from "../engine/consensus/step.ts";
import type { Reception } from "../engine/reception/reception-state.ts";
import type { RecoveryEffect } from "../engine/recovery/events.ts";
import { type Letter, nameOfKey } from "../mesh/judge.ts";
import type { Mesh } from "../mesh/state.ts";
import { boardsBook, boardsOf, hearBoards, sayBoards } from "./boards.ts";
import type { NodeClock } from "./clock.ts";
import { type Belief, takeProof } from "./joining-founding.ts";
import { type Juror, juryOf } from "./juror.ts";
import { DICE_SEAT, LOOK_ON_AGAIN_MS } from "./limits.ts";
import { type LobbyOptions, type LobbyWish, lobbyPart } from "./lobby-part.ts";
import { keepStopped, type Memory } from "./memory.ts";
import { onlookersPart } from "./onlookers-part.ts";
import type { OnlookerLetter } from "./perform.ts";
import { recoveryPart } from "./recovery-part.ts";
import type { StandingPage } from "./recovery-watch.ts";

export interface BesideOptions<S> {
  /** Of a kiosk that comes later, at its first start: in which epoch it begins, as the members say. */
  readonly belief?: Belief;
  /** Where others may ask for a place. */
  readonly lobby?: LobbyOptions<S>;
  /** Of a kiosk that has no place and looks on: as it asked for that. */
  readonly looksOn?: JoinRequest;
  /** Its part in disputes. */
  readonly juror?: Juror<S>;
  /** Own radios as they run, once all of them do. */
  readonly boards?: () => readonly Board[] | undefined;
  /** False where nothing tells who is there, as in a measurement without a mesh: then nobody is missed. */
  readonly isWatching?: boolean;
  /** Sees what recovery makes of who is there. */
  readonly onRecovery?: (effect: RecoveryEffect) => void;
}

/** For screens and commands. */
export interface BesideView {
  /** Who is here, what one may do, and what happens next, as people are told it; undefined where nobody watches. */
  readonly standing: (names?: readonly string[]) => StandingPage | undefined;
  /** What people answered to the question of the standing. */
  readonly answer: (choice: "wait" | "tryAgain") => void;
  /** To look at: who asks for a place, and who has which name. */
  readonly lobby: Reception | undefined;
  /** By place, what each member says of its radios; undefined of one that has not said it. */
  readonly boards: () => readonly (readonly Board[] | undefined)[];
  /** Gives up the own place, by an order: the table goes on with the others. */
  readonly leave: () => void;
  /** Whether this kiosk lets anybody in. */
  readonly openDoor: (isOpen: boolean) => void;
}

export type BesideWish = LobbyWish | { readonly type: "operator"; readonly choice: "wait" | "tryAgain" };

export interface Beside {
  readonly view: BesideView;
  /** Two histories are certified: nothing is agreed on here any more. */
  readonly isStopped: () => boolean;
  /** Why people's wishes are not taken now, in plain words; undefined where they are. */
  readonly whyNot: () => string | undefined;
  /** Before the engine hears it; true where it has nothing to hear. `place`: of its sender now. */
  readonly letter: (letter: Letter, place: number | undefined, effects: Effect[]) => boolean;
  /** It is time for a heartbeat. */
  readonly beat: (effects: Effect[]) => void;
  readonly wish: (wish: BesideWish, effects: Effect[]) => void;
  /** After all that a turn has brought, `effects` being what came of it. */
  readonly turn: (effects: Effect[]) => Promise<void>;
  readonly dueAt: () => number;
}

export interface BesidePorts<S> {
  readonly memory: Memory<S>;
  readonly mesh: Mesh;
  readonly world: World<S>;
  readonly clock: NodeClock;
  /** In a later turn. */
  readonly wishLater: (wish: BesideWish) => void;
  /** To those who look on. */
  readonly write: (letter: OnlookerLetter) => void;
}

export function beside<S>(options: BesideOptions<S>, ports: BesidePorts<S>): Beside {
  const { memory, mesh, world, clock, wishLater, write } = ports;
  const { replica, belief } = memory;
  const submit = (event: Event, effects: Effect[]): void => step(replica, event, effects, world);
  const recovering =
    options.isWatching === false
      ? undefined
      : recoveryPart({
          ...{ replica, mesh, world, clock, submit, on: options.onRecovery },
          ...{ wasStopped: memory.stopped !== undefined, isDamaged: memory.verdict.type === "damaged" },
        });
  const lobby =
    options.lobby === undefined
      ? undefined
      : lobbyPart(options.lobby, { replica, founders: memory.founders, clock, submit, wishLater });

  const onlookers =
    lobby === undefined
      ? undefined
      : onlookersPart({ replica, reception: lobby.reception, ports: world.ports, now: clock.now, write });
  let lookAgainAt: number = options.looksOn === undefined ? NEVER : clock.now() + LOOK_ON_AGAIN_MS;

  const { juror } = options;
  const jury = juror === undefined ? undefined : juryOf(juror, replica, memory.founders, world.ports);
  const order = (operation: Uint8Array, effects: Effect[]): void => {
    if (recovering?.isStopped() !== true)
      submit({ type: "submit", at: clock.now(), seat: DICE_SEAT, operation }, effects);
  };

  const book = boardsBook();
  const ownBoards = (): readonly Board[] | undefined => options.boards?.();

  return {
    view: {
      standing: (names = namesOf(replica)) => recovering?.page(names),
      answer: (choice) => wishLater({ type: "operator", choice }),
      lobby: lobby?.reception,
      boards() {
        const own = ownBoards();
        if (own !== undefined) hearBoards(book, replica.key, { boards: own });
        return boardsOf(book, replica.members);
      },
      leave: () => wishLater({ type: "leave" }),
      openDoor: (isOpen) => wishLater({ type: "door", isOpen }),
    },
    isStopped: () => recovering?.isStopped() ?? false,
    whyNot: () => recovering?.whyNot(),
    letter(letter, place, effects) {
      recovering?.letter(letter, place, effects);
      const contest = juror?.hears(replica, letter);
      if (contest !== undefined) order(contest, effects);
      if (belief !== undefined && "said" in letter && letter.said.type === "checkpoint") {
        takeProof(replica, belief, letter.said.proof, world.ports);
      }
      if (place !== undefined && "message" in letter && letter.message.type === "boards") {
        hearBoards(book, replica.members[place] as Uint8Array, letter.message);
        return true;
      }
      return onlookers?.letter(letter) === true || (lobby?.letter(letter, effects) ?? false);
    },
    beat(effects) {
      const own = ownBoards();
      const message = own === undefined ? undefined : sayBoards(book, own);
      if (message !== undefined) effects.push({ type: "send", to: "all", message });
    },
    wish(wish, effects) {
      if (wish.type === "operator") recovering?.people(wish, effects);
      else lobby?.wish(wish, effects);
    },
    async turn(effects) {
      for (const vote of jury?.votes(clock.now()) ?? []) order(vote, effects);
      lobby?.turn(effects);
      if (options.looksOn !== undefined && clock.now() >= lookAgainAt) {
        lookAgainAt = clock.now() + LOOK_ON_AGAIN_MS;
        effects.push({ type: "send", to: "all", message: { type: "joinRequest", ...options.looksOn } });
      }
      recovering?.turn(effects);
      const stop = recovering?.takeStop();
      if (stop !== undefined) await keepStopped(memory, stop);
    },
    dueAt: () => Math.min(recovering?.dueAt() ?? NEVER, lobby?.dueAt() ?? NEVER, lookAgainAt),
  };
}

const NEVER = Number.POSITIVE_INFINITY;

/** What kiosks are called where nobody has given them names. */
const namesOf = ({ members }: Replica<unknown>): string[] => members.map((key) => nameOfKey(key).slice(0, 8));
