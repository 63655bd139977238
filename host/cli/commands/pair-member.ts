/** A kiosk of a table that runs is asked, by its own page and as its operator, to bring another one there. */
import type { Answer, Session } from "../../web/contract/answers.ts";
import type { PairOrder } from "../../web/contract/orders.ts";
import type { KioskView } from "../../web/contract/view.ts";
import { type Input, InputError } from "../command.ts";
import type { Io } from "../io.ts";
import { askedPage, askPage, pageAddress } from "../kiosk/running-page.ts";
import { bytesOf } from "../kiosk/table-file.ts";
import { readText } from "../read-text.ts";
import { askHidden } from "./hidden-answer.ts";
import { fingerprint } from "./identity-words.ts";
import type { OwnKiosk } from "./own-kiosk.ts";
import { pairAt } from "./pair-screen.ts";

/** A line is enough. */
const PIN_FILE_SIZE_MAX = 1_024;

export async function pairAsMember(kiosk: OwnKiosk, input: Input, io: Io): Promise<void> {
  const url = pageAddress(kiosk);
  const cookie = await operatorAt(url, await pinFor(input, io));
  const order = async (step: PairOrder["step"]): Promise<number> => {
    const body = JSON.stringify({ type: "pair", step } satisfies PairOrder);
    const answer = await askedPage<Answer>(url, "api/order", {
      method: "POST",
      headers: { ...JSON_HEADERS, cookie },
      body,
    });
    if (!answer.ok) throw refusedBy(answer);
    return answer.revision;
  };
  try {
    const begun = await order("begin");
    const { peer } = await pairAt(
      {
        async look() {
          const { at, revision, view } = await askedPage<SeenView>(url, "api/view", { headers: { cookie } });
          if (view.operator === null)
            throw refusedBy({ ok: false, why: "PIN wanted", words: "The session ended.", next: null });
          const { endsAt, ...pairing } = view.operator.pairing;
          // What was begun is on the next picture of the kiosk; this may be the one before.
          const stage = pairing.stage === "none" && revision < begun ? "looking" : pairing.stage;
          return { ...pairing, stage, leftMs: endsAt === null ? undefined : Math.max(0, endsAt - at) };
        },
        confirm: async (isSame) => void (await order(isSame ? "same" : "different")),
        cancel: async () => void (await order("cancel")),
      },
      io,
    );
    if (io.json) io.record({ type: "paired", peer });
    io.out(`Paired with ${peer === null ? "it" : fingerprint(bytesOf(peer))}.`);
    io.out(
      "It knows the table now, and asks for its place by itself: the other screen says how. Leave this kiosk running.",
    );
  } finally {
    await askPage(url, "api/session", { method: "DELETE", headers: { cookie } }).catch(() => {});
  }
}

interface SeenView {
  readonly at: number;
  readonly revision: number;
  readonly view: KioskView;
}

const JSON_HEADERS = Object.freeze({ "content-type": "application/json" });

async function pinFor(input: Input, io: Io): Promise<string> {
  const file = input.text("pin-file");
  if (file !== undefined) return (await readText(file, PIN_FILE_SIZE_MAX)).split(/\r?\n/, 1)[0];
  const typed = await askHidden("PIN:", { keyboard: process.stdin, screen: process.stderr, signal: io.signal });
  if (typed !== undefined) return typed;
  throw new InputError(
    io.signal.aborted ? "interrupted" : "missing",
    "an operator's PIN is wanted, and nobody types one.",
    "Name a file: --pin-file FILE",
  );
}

/** The session's cookie. */
async function operatorAt(url: string, pin: string): Promise<string> {
  const answer = await askPage(url, "api/session", {
    method: "POST",
    headers: JSON_HEADERS,
    body: JSON.stringify({ pin }),
  });
  const said = (await answer.json()) as Session | Answer;
  if ("ok" in said && !said.ok) throw refusedBy(said);
  const [cookie] = answer.headers.getSetCookie();
  return cookie?.split(";", 1)[0] ?? "";
}

const refusedBy = ({ why, words, next }: Extract<Answer, { ok: false }>): InputError =>
  new InputError(/PIN/.test(why) ? "forbidden" : "failed", words, next ?? "hardway status says how the kiosk is.");
