/** A page's state beside a fake kiosk, without a browser: time goes when a story says so, and frames cross at once or wait. */
import type { Frame } from "../../../../host/web/contract/frames.ts";
import type { Effect, Event, Press } from "../../../../host/web/page/core/events.ts";
import { newPage, type Preferences, USUAL_PREFERENCES } from "../../../../host/web/page/core/page-state.ts";
import { step } from "../../../../host/web/page/core/step.ts";
import { type Element, findAll, h, textOf } from "../../../../host/web/page/dom/element.ts";
import { wholePage } from "../../../../host/web/page/view/page.ts";
import { PlainDice } from "./dice-source.ts";
import { FakeKiosk } from "./fake-kiosk.ts";

const START = 1_750_000_000_000;

/** An event without its time. */
type Happening = Event extends infer E ? (E extends Event ? Omit<E, "at"> : never) : never;

export class Screen {
  readonly kiosk = new FakeKiosk(new PlainDice(), () => this.now);
  readonly page;
  now = START;
  readonly effects: Effect[] = [];
  /** Frames wait here while the line is slow. */
  readonly waiting: Frame[] = [];
  isSlow = false;

  constructor(preferences: Partial<Preferences> = {}) {
    this.page = newPage(START, { ...USUAL_PREFERENCES, ...preferences });
    const { kiosk } = this;
    kiosk.onChange = (parts) => this.#say({ type: "changes", revision: kiosk.revision, at: this.now, parts });
    this.connect();
  }

  connect(build = "test"): void {
    const { revision } = this.kiosk;
    this.#say({ type: "view", contract: 1, build, revision, at: this.now, view: this.kiosk.view() });
  }

  happen(happening: Happening): void {
    const effects: Effect[] = [];
    step(this.page, { ...happening, at: this.now } as Event, effects);
    this.effects.push(...effects);
    for (const effect of effects) {
      if (effect.type !== "order") continue;
      const answer = this.kiosk.order(effect.order);
      this.#say({ type: "answer", id: effect.id, answer });
    }
  }

  press(press: Press): void {
    this.happen({ type: "pressed", press });
  }

  /** With ticks on the way. */
  pass(ms: number): void {
    for (let gone = 0; gone < ms; gone += TICK_MS) {
      this.now += TICK_MS;
      this.happen({ type: "tick" });
    }
  }

  sit(): void {
    this.press({ do: "touch" });
    this.press({ do: "sit" });
  }

  /** In another order than they were said, if a story wants that. */
  deliver(choose: (frames: Frame[]) => Frame[] = (frames) => frames): void {
    for (const frame of choose(this.waiting.splice(0))) this.happen({ type: "frame", frame });
  }

  #say(frame: Frame): void {
    if (this.isSlow) this.waiting.push(structuredClone(frame));
    else this.happen({ type: "frame", frame: structuredClone(frame) });
  }

  drawn(): Element {
    return h("html", {}, wholePage(this.page).children);
  }

  text(): string {
    return textOf(this.drawn());
  }

  /** By class. */
  all(name: string): Element[] {
    return findAll(this.drawn(), ({ attributes }) => (attributes["class"] ?? "").split(" ").includes(name));
  }

  spot(code: number): Element {
    return findAll(this.drawn(), ({ attributes }) => attributes["data-code"] === `${code}`)[0]!;
  }

  /** Chips of the person on a bet, as the page shows them. */
  chipsOn(code: number): number {
    const spot = this.spot(code);
    const mine = findAll(spot, ({ attributes }) => attributes["class"] === "my-chip")[0];
    const worth = findAll(mine ?? "", ({ attributes }) => attributes["class"] === "chip-worth")[0];
    return worth === undefined ? 0 : Number(textOf(worth).replaceAll(",", ""));
  }

  orders(): readonly unknown[] {
    return this.effects.flatMap((effect) => (effect.type === "order" ? [effect.order] : []));
  }
}

const TICK_MS = 100;
