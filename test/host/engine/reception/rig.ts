/** Kiosks with a reception each around one agreed table, and whoever wants to join it; what the consensus does with their orders
 * is the consensus' own code. */
import { domainDigest } from "../../../../host/crypto/domain-digest.ts";
import {
  changeDigest,
  enact,
  executeTable,
  foundTable,
  type Table,
  TableResult,
} from "../../../../host/engine/consensus/table.ts";
import type { Ports } from "../../../../host/engine/ports.ts";
import { type Joining, joining, step as stepJoining } from "../../../../host/engine/reception/joining.ts";
import type { JoiningEffect, JoiningEvent } from "../../../../host/engine/reception/joining-events.ts";
import { step } from "../../../../host/engine/reception/reception.ts";
import type {
  AgreedTable,
  ReceptionEffect,
  ReceptionEvent,
} from "../../../../host/engine/reception/reception-events.ts";
import { type Reception, reception } from "../../../../host/engine/reception/reception-state.ts";
import { decode } from "../../../../protocol/bytes/codec.ts";
import { DIGEST_SIZE, PUBLIC_KEY_SIZE, SEATS_MAX, TABLE_ID_SIZE } from "../../../../protocol/core/limits.ts";
import { epoch, type Millis, millis, sequence, view } from "../../../../protocol/core/units.ts";
import { FEATURES, type ProtocolVersion } from "../../../../protocol/core/version.ts";
import type { JoinAccept, JoinReject, JoinRequest } from "../../../../protocol/message/join.ts";

export type Untimed<E> = E extends unknown ? Omit<E, "at"> : never;

export const TABLE: Uint8Array = new Uint8Array(TABLE_ID_SIZE).fill(7);
export const VERSION: ProtocolVersion = { major: 1, minor: 0, features: FEATURES.packedBodies };
export const WALL_MS = 1_700_000_000_000;

/** The first bytes order them. */
export function key(number: number): Uint8Array {
  const bytes = new Uint8Array(PUBLIC_KEY_SIZE).fill(0xee);
  bytes[0] = number;
  return bytes;
}
export const keys = (count: number, first = 0): Uint8Array[] =>
  new Array(count).fill(0).map((_, at) => key(first + at));

export const request = (change: Partial<JoinRequest> = {}): JoinRequest => ({
  version: { ...VERSION, features: VERSION.features | FEATURES.spectators },
  software: "hardway 1",
  name: "Bar",
  role: "member",
  seats: 1,
  proof: new Uint8Array([1, 2, 3]),
  ...change,
});

const digest = (fill: number): Uint8Array => new Uint8Array(DIGEST_SIZE).fill(fill);

export const agreed = (change: Partial<AgreedTable> = {}): AgreedTable => ({
  epoch: 0,
  view: 0,
  rules: 1,
  members: keys(4),
  checkpoint: { sequence: sequence(50), digest: digest(50) },
  state: { digest: digest(51), size: 9000 },
  seats: SEATS_MAX,
  seatsFree: 4,
  excluded: [],
  ...change,
});

export function receptionOf(own = 0, table: AgreedTable = agreed()): Reception {
  return reception({
    ...{ at: millis(0), wallMs: WALL_MS, key: key(own), name: "Table one", needed: VERSION },
    founders: keys(1),
    ...{ agreed: table, participants: table.members.map((each, at) => ({ key: each, name: `kiosk ${at}`, seats: 1 })) },
  });
}

/** One reception, told things by hand. */
export class Desk {
  state: Reception;
  constructor(own = 0, table: AgreedTable = agreed()) {
    this.state = receptionOf(own, table);
  }
  tell(event: Untimed<ReceptionEvent>, at: number = this.state.now): ReceptionEffect[] {
    const effects: ReceptionEffect[] = [];
    step(this.state, { ...event, at: millis(at) } as ReceptionEvent, effects);
    return effects.filter(({ type }) => type !== "announce");
  }
  ask(from: number, change: Partial<JoinRequest> = {}, at?: number): ReceptionEffect[] {
    return this.tell({ type: "asked", from: key(from), request: request(change) }, at);
  }
  identified(applicant: number, why?: "not identified" | "no stake" | "excluded for what is proved", at?: number) {
    return this.tell({ type: "identified", applicant: key(applicant), why }, at);
  }
}

/** In words: who was told what. */
export const told = (effects: readonly ReceptionEffect[]): string[] =>
  effects.map((effect) => {
    switch (effect.type) {
      case "reject":
        return `reject ${effect.to[0]}: ${effect.reject.refusal}, ${effect.why}`;
      case "accept":
        return `accept ${effect.to[0]} in epoch ${effect.accept.epoch} with ${effect.accept.participants.length}`;
      case "order":
        return `order ${effect.subject === "leave" ? "leave" : effect.subject[0]}`;
      case "identify":
        return `identify ${effect.applicant[0]}`;
      case "ignored":
        return `ignored: ${effect.why}`;
      case "left":
        return `left ${effect.wasWished}`;
      case "cannotLeave":
        return `cannot leave: ${effect.why}`;
      default:
        return effect.type;
    }
  });

export const acceptBy = (members: readonly Uint8Array[], change: Partial<JoinAccept> = {}): JoinAccept => ({
  version: VERSION,
  applicant: key(9),
  epoch: epoch(1),
  view: view(3),
  checkpoint: { sequence: sequence(60), digest: digest(60) },
  state: { digest: digest(61), size: 9000 },
  participants: members.map((each) => ({ key: each, name: "", seats: 1 })),
  ...{ founders: members.slice(0, 2), rules: 1 },
  ...change,
});

export const rejectOf = (refusal: JoinReject["refusal"], change: Partial<JoinReject> = {}): JoinReject => ({
  version: VERSION,
  applicant: key(9),
  refusal,
  seatsFree: 0,
  time: millis(WALL_MS),
  reason: `because ${refusal}`,
  ...change,
});

/** The kiosk that wants a place, told things by hand. */
export class Comer {
  state: Joining = joining(millis(0), WALL_MS, key(9), [1]);
  tell(event: Untimed<JoiningEvent>, at: number = this.state.now): JoiningEffect[] {
    const effects: JoiningEffect[] = [];
    stepJoining(this.state, { ...event, at: millis(at) } as JoiningEvent, effects);
    return effects;
  }
  join(anchors: readonly Uint8Array[], change: Partial<JoinRequest> = {}): JoiningEffect[] {
    return this.tell({ type: "join", table: TABLE, anchors, request: request(change) });
  }
}

/** Members, the table that they agree on, and those who come; all messages arrive, after 100 ms. */
export class House {
  now = 0;
  readonly table: Table;
  readonly desks: Reception[];
  readonly comers: Joining[] = [];
  readonly joined: (JoiningEffect & { type: "joined" })[] = [];
  readonly refused: (JoiningEffect & { type: "refused" })[] = [];
  /** Members that say nothing, do nothing. */
  readonly dead: number[] = [];
  identifies: (applicant: Uint8Array, member: number) => "not identified" | undefined = () => undefined;
  private seatsTaken: number;
  private checkpoint = 50;
  private readonly mail: { at: number; deliver: () => void }[] = [];

  constructor(members: number, seatsTaken = members) {
    this.table = foundTable(keys(members), 1);
    this.seatsTaken = seatsTaken;
    this.desks = this.table.members.map((_, own) => receptionOf(own, this.view()));
  }

  view(): AgreedTable {
    const { epoch: of, view: at, rules, members } = this.table;
    const seatsFree = SEATS_MAX - this.seatsTaken;
    return agreed({ epoch: of, view: at, rules, members, seatsFree, checkpoint: this.place(), state: this.state() });
  }

  comes(number: number, anchors: readonly number[], change: Partial<JoinRequest> = {}): void {
    const comer = joining(millis(this.now), WALL_MS + this.now, key(number), [1]);
    this.comers.push(comer);
    this.tellComer(comer, {
      type: "join",
      table: TABLE,
      anchors: anchors.map(key),
      request: request({ name: `comer ${number}`, ...change }),
    });
  }

  run(until: number): void {
    while (this.now < until) {
      this.now += 100;
      for (const { deliver } of this.mail.splice(0).sort((left, right) => left.at - right.at)) deliver();
      this.desks.forEach((_, member) => {
        this.tellDesk(member, { type: "tick" });
      });
      for (const comer of this.comers) this.tellComer(comer, { type: "tick" });
    }
  }

  private tellDesk(member: number, event: Untimed<ReceptionEvent>): void {
    if (this.dead.includes(member)) return;
    const effects: ReceptionEffect[] = [];
    step(this.desks[member], { ...event, at: millis(this.now) } as ReceptionEvent, effects);
    for (const effect of effects) this.performFor(member, effect);
  }

  private performFor(member: number, effect: ReceptionEffect): void {
    const { key: from } = this.desks[member];
    switch (effect.type) {
      case "identify": {
        const why = this.identifies(effect.applicant, member);
        this.post(() => this.tellDesk(member, { type: "identified", applicant: effect.applicant, why }));
        break;
      }
      case "order":
        this.post(() => this.execute(member, effect.subject, effect.operation));
        break;
      case "accept":
      case "reject":
        this.post(() => {
          for (const comer of this.comers) {
            if (comer.key[0] !== effect.to[0]) continue;
            if (effect.type === "accept") this.tellComer(comer, { type: "accept", from, accept: effect.accept });
            else this.tellComer(comer, { type: "reject", from, reject: effect.reject });
          }
        });
        break;
    }
  }

  private execute(member: number, subject: Uint8Array | "leave", operation: Uint8Array): void {
    const client = this.table.members.findIndex((each) => each[0] === this.desks[member].key[0]);
    if (client < 0) return;
    const court = { guilty: () => undefined, convict: () => false };
    const result = decode(TableResult, executeTable(this.table, client, operation, court));
    if (!result.ok) throw new Error("a result can be read");
    const why =
      result.value.type !== "refused"
        ? undefined
        : result.value.why === 2
          ? "full"
          : result.value.why === 3
            ? "few"
            : undefined;
    this.tellDesk(member, { type: "ordered", subject, why });
    if (result.value.type === "due") this.post(() => this.barrier());
  }

  /** What is due becomes so, and each replica has it. */
  private barrier(): void {
    const [change] = this.table.due;
    if (change === undefined) return;
    const ports = { digest: domainDigest } as Ports;
    enact(
      this.table,
      { type: "enact", change: changeDigest(ports, change), view: view(this.table.view + 1) },
      this.now,
      ports,
    );
    this.checkpoint += 1;
    if (change.type === "admit") {
      const comer = this.comers.findIndex((each) => each.key[0] === change.key[0]);
      if (comer >= 0) this.seatsTaken += 1;
    }
    this.desks.forEach((_, member) => {
      this.tellDesk(member, { type: "table", agreed: this.view() });
    });
  }

  private tellComer(comer: Joining, event: Untimed<JoiningEvent>): void {
    const effects: JoiningEffect[] = [];
    stepJoining(comer, { ...event, at: millis(this.now) } as JoiningEvent, effects);
    for (const effect of effects) {
      if (effect.type === "joined") {
        this.joined.push(effect);
        this.desks.push(receptionOf(comer.key[0], this.view()));
      }
      if (effect.type === "refused") this.refused.push(effect);
      if (effect.type !== "ask") continue;
      this.desks.forEach((_, member) => {
        this.post(() => this.tellDesk(member, { type: "asked", from: comer.key, request: effect.request }));
      });
    }
  }

  private post(deliver: () => void): void {
    this.mail.push({ at: this.now + 100, deliver });
  }

  private place = () => ({ sequence: sequence(this.checkpoint), digest: digest(this.checkpoint) });
  private state = () => ({ digest: digest(this.checkpoint + 1), size: 9000 });
}

export const at = (value: number): Millis => millis(value);
