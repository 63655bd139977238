import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { Report } from "../../../host/cli/kiosk/kiosk-report.ts";
import { asked, until } from "./kiosk-pair.ts";
import { startProgram } from "./start-program.ts";

const temporary = mkdtempSync(join(tmpdir(), "hardway-page-test-"));
afterAll(() => rmSync(temporary, { recursive: true }));

interface View {
  readonly craps: {
    readonly players: readonly ({ readonly name: string; readonly seat: number; readonly isMine: boolean } | null)[];
    readonly state: { readonly seats: readonly (readonly { readonly code: number; readonly stake: number }[])[] };
  };
  readonly own: readonly { readonly place: number | null; readonly worth: number }[];
  readonly members: readonly { readonly member: number; readonly name: string; readonly link: string }[];
  readonly operator: { readonly faults: { readonly killed: readonly number[]; readonly whyNot: string | null } };
}

const viewOf = async (url: string): Promise<View> => (await asked(url, "api/view")).view;

it("each kiosk of npm start has a page: a person takes the open seat; who is killed at a page comes back", async () => {
  const pages: string[] = [];
  const reports: Report[] = [];
  let press: (key: string) => void = () => {};
  const words = ["--seconds", "200", "--at", join(temporary, "table"), "--port", "0", "--json"];
  const ended = startProgram(words, { TMPDIR: temporary }, (line, pressed) => {
    press = pressed;
    const said = JSON.parse(line);
    if (said.type === "page") pages[said.kiosk] = said.url;
    if (said.type === "report") reports[said.kiosk] = said;
  });
  try {
    await until(
      async () => pages.filter(Boolean).length,
      (count) => count === 4,
      60_000,
    );
    const [first, second] = pages as [string, string];
    const bots = await until(
      () => viewOf(first),
      ({ craps }) => craps.players.filter((player) => player !== null).length === 4,
      60_000,
    );
    expect(bots.craps.players).toHaveLength(5);
    expect(bots.own).toMatchObject([{ place: null }]);

    // A key sits somebody down and bets, as a page would.
    press("b");
    const betted = await until(
      () => viewOf(first),
      ({ own, craps }) => {
        const place = own[0]?.place ?? null;
        return place !== null && craps.state.seats[place]!.length > 0;
      },
      60_000,
    );
    const place = betted.own[0]!.place!;
    expect(betted.craps.players[place]).toMatchObject({ name: "Kiosk 0", isMine: true, seat: 1 });
    expect((await viewOf(second)).craps.players[place]).toMatchObject({ name: "Kiosk 0", isMine: false });
    // Whoever is at this machine is the demonstration's operator.
    const third = betted.members.find(({ name }) => name === "Kiosk 3")!.member;
    expect(await asked(first, "api/order", { type: "fault", fault: "kill", member: third })).toMatchObject({
      ok: true,
    });
    await until(
      () => viewOf(first),
      ({ operator }) => operator.faults.killed.includes(third),
      10_000,
    );
    const gone = pages[3];
    expect(await asked(first, "api/order", { type: "fault", fault: "heal" })).toMatchObject({ ok: true });
    await until(
      async () => pages[3],
      (url) => url !== gone,
      30_000,
    );
    await until(
      () => viewOf(first),
      ({ operator }) => operator.faults.killed.length === 0,
      10_000,
    );
    await until(
      () => asked(pages[3]!, "ready"),
      ({ isReady }) => isReady,
      60_000,
    );
    const cheat = { type: "fault", fault: "cheat", member: third, cheat: "flooding" };
    expect(await asked(first, "api/order", cheat)).toMatchObject({ ok: false });
  } finally {
    press("q");
  }
  const { status, stderr } = await ended;
  expect(stderr).not.toMatch(/wrong|failed|must not happen/);
  expect(status).toBe(0);
  expect(reports.every(({ isBalanced }) => isBalanced)).toBe(true);
  expect(readdirSync(temporary)).toEqual(["table"]);
}, 200_000);
