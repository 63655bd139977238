/** View changes and new views in anybody's name, true or not: what a liar would say, and what an honest member says. */
import { resultOf, select } from "../../../../host/engine/consensus/select.ts";
import { signNewView, signViewChange } from "../../../../host/engine/consensus/statements.ts";
import { objectName } from "../../../../host/engine/objects/tree.ts";
import { type NewView, ViewChangeBody } from "../../../../protocol/agreement/certificate.ts";
import { decode, encode } from "../../../../protocol/bytes/codec.ts";
import { assert } from "../../../../protocol/core/assert.ts";
import { view } from "../../../../protocol/core/units.ts";
import { type Rig, run } from "../../../simulator/rig.ts";
import { type SaidOf, tell } from "./stories.ts";

export type Wish = SaidOf<"viewChange">;

/** By the key of `who`. */
export function wishBy(of: Rig, who: number, body: ViewChangeBody, wanted: number = body.view): Wish {
  const { replica, world } = of.kiosks[who];
  const bytes = encode(ViewChangeBody, body);
  const named = { view: view(wanted), body: objectName(world.ports, bytes) };
  return { type: "viewChange", change: signViewChange(replica, world.ports, who, named), body: bytes };
}

/** Of a member that knows of nothing. */
export const blank = (of: Rig, wanted: number): ViewChangeBody => ({
  ...{ view: view(wanted), prefix: of.kiosks[0].replica.epochStart },
  ...{ checkpoint: undefined, decision: undefined, certificates: [], claims: [] },
});

export function bodyOf({ body }: Wish): ViewChangeBody {
  const decoded = body === undefined ? undefined : decode(ViewChangeBody, body);
  assert(decoded?.ok === true, "a wish brings its body");
  return decoded.value;
}

export function newViewBy(of: Rig, who: number, newView: NewView): SaidOf<"newView"> {
  const { replica, world } = of.kiosks[who];
  return { type: "newView", ...signNewView(replica, world.ports, who, newView) };
}

/** What follows from these wishes. */
export function following(of: Rig, wishes: readonly Wish[]): NewView {
  const { quorum, faults } = of.kiosks[0].replica;
  const changes = wishes.map(({ change }) => change);
  return {
    view: changes[0].view,
    viewChanges: changes.sort((left, right) => left.sender - right.sender),
    result: resultOf(of.kiosks[0].world.ports, select(wishes.map(bodyOf), quorum, faults)),
  };
}

/** Each of them leaves its view by itself, and says what it knows; nobody hears it. */
export function wishesOf(of: Rig, members: readonly number[]): Wish[] {
  const { drop } = of;
  of.drop = () => true;
  of.queue = [];
  const from = of.log.length;
  const wished = (who: number): Wish | undefined =>
    of.log.slice(from).find((sent) => sent.from === who && sent.said?.type === "viewChange")?.said as Wish | undefined;
  run(of, of.now + 60_000, () => members.every((who) => wished(who) !== undefined));
  of.drop = drop;
  return members.map((who) => {
    const wish = wished(who);
    assert(wish !== undefined, "who waits long enough wants another view");
    return wish;
  });
}

/** All that a member needs to follow a new view. */
export const tellAll = (of: Rig, to: number, said: readonly Parameters<typeof tell>[2][]) =>
  said.flatMap((each) => tell(of, to, each));
