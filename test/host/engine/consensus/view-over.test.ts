import { expect, test } from "vitest";
import { ARCHIVE_LENGTH_MAX } from "../../../../host/engine/consensus/limits.ts";
import { liveRecords } from "../../../../host/engine/consensus/live-records.ts";
import { LAN } from "../../../../host/engine/timing/profiles.ts";
import { type Rig, restart, run, submit } from "../../../simulator/rig.ts";
import { calm, empty, expectTogether, proposing, set, tell, watch } from "./stories.ts";

/** Who is out of its view is taken back after an eighth of it. */
const ROTATE_MS = 160_000;

/** A lying primary has shown kiosk 1 alone another third batch; the others have gone on until only a state leads to where they are. */
function leftBehind(): Rig {
  const of = calm(4, { checkpointEvery: 10, profile: { ...LAN, rotateMs: ROTATE_MS } });
  for (const value of ["one", "two"]) {
    submit(of, 2, set("k", value));
    run(of, of.now + 50);
  }
  const { replica } = of.kiosks[1];
  const base = { sequence: replica.state.sequence as never, digest: replica.state.history };
  of.drop = ({ from, to }) => from === 1 || to === 1;
  tell(of, 1, proposing(of, 0, [empty(of.now + 5)], { base }).said);
  expect([base.sequence, replica.said.prepared]).toEqual([2, 3]);
  for (let count = 0; count < ARCHIVE_LENGTH_MAX + 30; count++) {
    submit(of, 2, set("k", `${count}`));
    run(of, of.now + 30);
  }
  expect(of.kiosks[1].replica.executed).toBe(2);
  return of;
}

const ballots = (said: ReturnType<typeof watch>) =>
  said.flatMap(({ from, said: words }) =>
    from === 1 && words?.type === "ballot" && words.ballot.sender === 1 ? [words.ballot] : [],
  );

test.each([
  ["as it is", (): void => {}],
  ["after a restart", (of: Rig): void => restart(of, 1)],
  [
    "after a restart from a journal made short",
    (of: Rig): void => restart(of, 1, liveRecords(of.kiosks[1].replica, of.kiosks[1].founding.members)),
  ],
])("who voted where others went another way, and took their state, signs nothing more in that view: %s", (_, then) => {
  const of = leftBehind();
  of.drop = () => false;
  const said = watch(of);
  run(of, of.now + 3_000, () => of.kiosks[1].replica.executed > 20);
  then(of);
  run(of, of.now + 1_000);
  submit(of, 2, set("k", "last"));
  run(of, of.now + 1_000);
  expectTogether(of);
  expect([of.kiosks[1].replica.view, of.kiosks[1].replica.viewOver]).toEqual([0, true]);
  expect(
    ballots(said).filter(({ view, prepared, committed }) => view === 0 && (prepared ?? committed) !== undefined),
  ).toEqual([]);

  // In the next view it votes like everyone.
  for (let count = 0; count < 30; count++) {
    submit(of, 2, set("k", `${count}`));
    run(of, of.now + 1_000);
  }
  expect([of.kiosks[1].replica.view > 0, of.kiosks[1].replica.viewOver]).toEqual([true, false]);
  expect(ballots(said).some(({ view, prepared, proposed }) => view > 0 && (proposed ?? prepared) !== undefined)).toBe(
    true,
  );
  expectTogether(of);
});
