/** Pages that are shown every change: the whole view first, then the parts that have changed, whole. Whoever reads slowly is sent the
 * newest when it has read what it was sent, and nothing between. */
import type { WebSocket } from "ws";
import { refused } from "../contract/answers.ts";
import { CONTRACT_VERSION, type Frame, PageFrame } from "../contract/frames.ts";
import { PART_NAMES } from "../contract/view.ts";
import { parsed } from "./body.ts";
import { CHANGES_EVERY_MS, PAGE_BEHIND_SIZE_MAX, PAGE_FAULTS_MAX, type Patience } from "./limits.ts";
import { type PartTexts, type Showing, type Shown, shownTo } from "./shown.ts";
import type { WebClock } from "./web-clock.ts";

export interface Page {
  readonly socket: WebSocket;
  readonly kiosk: number;
  /** As of now: a session may end meanwhile. */
  readonly isOperator: () => boolean;
  readonly obey: (order: unknown) => Promise<Extract<Frame, { type: "answer" }>["answer"]>;
}

export interface Live {
  readonly meet: (page: Page) => void;
  /** Something may have changed. */
  readonly wake: () => void;
  readonly count: () => number;
  readonly close: () => void;
}

interface Watching extends Page {
  /** Undefined before the first frame. */
  sent: PartTexts | undefined;
  behindSince: number | undefined;
  hasAnswered: boolean;
  faults: number;
}

/** WebSocket close codes (RFC 6455 §7.4.1). */
const GOING_AWAY = 1001;
const POLICY = 1008;

export function live(kiosks: readonly Showing[], build: string, clock: WebClock, patience: Patience): Live {
  const pages = new Set<Watching>();
  let lastAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  /** What was written last, for pages that lack the same. */
  let lastFrame: { readonly key: string; readonly shown: Shown; readonly text: string } | undefined;

  const changesFrame = (shown: Shown, names: readonly (keyof PartTexts)[]): string => {
    const key = names.join();
    if (lastFrame?.shown !== shown || lastFrame.key !== key) {
      const head = `"type":"changes","revision":${shown.revision},"at":${clock.wallMs()}`;
      lastFrame = { key, shown, text: `{${head},"parts":${object(shown.parts, names)}}` };
    }
    return lastFrame.text;
  };

  const viewFrame = (shown: Shown): string => {
    const head = `"type":"view","contract":${CONTRACT_VERSION},"build":${JSON.stringify(build)}`;
    return `{${head},"revision":${shown.revision},"at":${clock.wallMs()},"view":${object(shown.parts, PART_NAMES)}}`;
  };

  const show = (page: Watching): void => {
    const { socket, sent } = page;
    const shown = shownTo(kiosks[page.kiosk], page.isOperator());
    const names = sent === undefined ? PART_NAMES : PART_NAMES.filter((name) => sent[name] !== shown.parts[name]);
    if (names.length === 0) return;
    if (socket.bufferedAmount > PAGE_BEHIND_SIZE_MAX) {
      page.behindSince ??= clock.nowMs();
      if (clock.nowMs() - page.behindSince > patience.pageBehindMs) socket.terminate();
      else wake();
      return;
    }
    page.behindSince = undefined;
    socket.send(sent === undefined ? viewFrame(shown) : changesFrame(shown, names));
    page.sent = shown.parts;
  };

  const showAll = (): void => {
    timer = undefined;
    lastAt = clock.nowMs();
    for (const page of pages) show(page);
  };

  const wake = (): void => {
    if (timer !== undefined || pages.size === 0) return;
    timer = setTimeout(showAll, Math.max(0, lastAt + CHANGES_EVERY_MS - clock.nowMs()));
  };

  const onFrame = async (page: Watching, text: string): Promise<void> => {
    const read = parsed(text);
    const frame = read.ok ? PageFrame.safeParse(read.value) : undefined;
    // An order that is none has its answer too, as far as it can be told whose it is.
    const id = frame?.success ? frame.data.id : idOf(read.ok ? read.value : undefined);
    if (frame?.success !== true) {
      page.faults += 1;
      if (page.faults > PAGE_FAULTS_MAX) {
        page.socket.close(POLICY, "too much that is no order");
        return;
      }
      say(page, { type: "answer", id, answer: refused(read.ok ? "not an order" : "not JSON") });
      return;
    }
    const answer = await page.obey(frame.data.order);
    // A page that does not read its answers is not given more of them.
    if (page.socket.bufferedAmount <= PAGE_BEHIND_SIZE_MAX) say(page, { type: "answer", id, answer });
  };

  const asking = setInterval(() => {
    for (const page of pages) {
      if (!page.hasAnswered) page.socket.terminate();
      else {
        page.hasAnswered = false;
        page.socket.ping();
      }
    }
    // A session may have ended in silence.
    wake();
  }, patience.pageAskedMs);
  asking.unref();

  return {
    meet(met) {
      const page: Watching = { ...met, sent: undefined, behindSince: undefined, hasAnswered: true, faults: 0 };
      const { socket } = met;
      pages.add(page);
      socket.on("close", () => pages.delete(page));
      socket.on("error", () => socket.terminate());
      socket.on("pong", () => {
        page.hasAnswered = true;
      });
      socket.on("message", (bytes, isBinary) => {
        void onFrame(page, isBinary ? "" : `${bytes}`);
      });
      show(page);
    },
    wake,
    count: () => pages.size,
    close() {
      clearInterval(asking);
      clearTimeout(timer);
      for (const { socket } of pages) socket.close(GOING_AWAY);
      // Whoever does not close in return is not waited for.
      for (const { socket } of pages) setTimeout(() => socket.terminate(), 0);
    },
  };
}

const say = ({ socket }: Page, frame: Frame): void => socket.send(JSON.stringify(frame));

const object = (parts: PartTexts, names: readonly (keyof PartTexts)[]): string =>
  `{${names.map((name) => `"${name}":${parts[name]}`).join(",")}}`;

function idOf(value: unknown): number {
  const id = typeof value === "object" && value !== null && "id" in value ? value.id : 0;
  return typeof id === "number" && Number.isSafeInteger(id) && id >= 0 ? id : 0;
}
