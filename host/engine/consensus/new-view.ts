/** §7.5 the new primary names q view changes and what follows from them; everyone else follows it there. */
import type {
  NewView,
  SignedNewView,
  SignedViewChange,
  ViewChangeBody,
} from "../../../protocol/agreement/certificate.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { view } from "../../../protocol/core/units.ts";
import type { ObjectName } from "../../../protocol/message/fields.ts";
import { distinct } from "./certificates.ts";
import type { Effect } from "./events.ts";
import { accuseNewView } from "./evidence.ts";
import { sameName } from "./log.ts";
import { fetchObject } from "./objects.ts";
import { primaryOf } from "./quorums.ts";
import { resultOf, type Selection, select } from "./select.ts";
import { canSign } from "./standing.ts";
import type { NamedBody, Replica, World } from "./state.ts";
import { signNewView, verifyNewView, verifyViewChange } from "./statements.ts";
import { quorumWantsView } from "./timing.ts";
import { readBody } from "./view-change-body.ts";
import { enterByNewView } from "./views.ts";

/** In its turn, with a quorum of valid wishes for exactly this view. */
export function makeNewView<S>(of: Replica<S>, effects: Effect[], world: World<S>): void {
  // Who wants a higher one has given this one up too: without these, members that ran ahead and those behind wait for each other.
  const wishes = of.viewChanges.filter((held) => held !== undefined && held.change.view >= of.wanted);
  // The new primary has its time from when it could act, not before.
  if (wishes.length >= of.quorum) quorumWantsView(of);
  if (primaryOf(of, of.wanted) !== of.me || !canSign(of)) return;
  const changes: SignedViewChange[] = [];
  const named: NamedBody[] = [];
  // The own first, then by place.
  for (let turn = 0; turn < of.members.length && changes.length < of.quorum; turn++) {
    const held = of.viewChanges[(of.me + turn) % of.members.length];
    if (held?.body === undefined || held.change.view !== of.wanted) continue;
    changes.push(held.change);
    named.push({ name: held.change.body, body: held.body });
  }
  if (changes.length < of.quorum) return;
  const selection = selectFrom(of, named);
  const newView: NewView = {
    view: view(of.wanted),
    viewChanges: changes.sort((left, right) => left.sender - right.sender),
    result: resultOf(world.ports, selection),
  };
  const signed = signNewView(of, world.ports, of.me, newView);
  enterByNewView(of, signed, named, selection, effects, world);
  effects.push({ type: "say", to: "all", said: { type: "newView", ...signed } });
}

export function onNewView<S>(of: Replica<S>, signed: SignedNewView, effects: Effect[], world: World<S>): void {
  const { newView, sender } = signed;
  if (newView.view <= of.view || (of.phase === "changing" && newView.view < of.wanted)) return;
  if (
    sender >= of.members.length ||
    primaryOf(of, newView.view) !== sender ||
    newView.viewChanges.length !== of.quorum ||
    !distinct(newView.viewChanges)
  ) {
    effects.push({ type: "malformed", why: "new view by nobody" });
    return;
  }
  const held = of.pendingNewView;
  if (held !== undefined && held.newView.view >= newView.view) return;
  if (!verifyNewView(of, world.ports, signed)) {
    effects.push({ type: "malformed", why: "bad signature" });
    return;
  }
  for (const change of newView.viewChanges) {
    if (
      change.sender >= of.members.length ||
      change.view !== newView.view ||
      !verifyViewChange(of, world.ports, change)
    ) {
      effects.push({ type: "malformed", why: "new view on a wish that nobody has" });
      return;
    }
  }
  of.pendingNewView = signed;
  of.newViewBodies = of.newViewBodies.filter(({ body }) => body.view <= of.view);
  for (const change of newView.viewChanges) {
    const known = of.viewChanges[change.sender];
    if (change.sender !== of.me && (known === undefined || known.change.view < change.view)) {
      of.viewChanges[change.sender] = { change, body: undefined };
    }
    if (bodyFor(of, change) === undefined) fetchObject(of, change.body, sender);
  }
  tryNewView(of, effects, world);
}

/** As soon as every body that it names is here and valid. */
export function tryNewView<S>(of: Replica<S>, effects: Effect[], world: World<S>): void {
  const signed = of.pendingNewView;
  if (signed === undefined) return;
  const { newView } = signed;
  if (newView.view <= of.view || (of.phase === "changing" && newView.view < of.wanted)) {
    of.pendingNewView = undefined;
    return;
  }
  const named: NamedBody[] = [];
  for (const change of newView.viewChanges) {
    const body = bodyFor(of, change);
    if (body === undefined) return;
    named.push({ name: change.body, body });
  }
  of.pendingNewView = undefined;
  const selection = selectFrom(of, named);
  const result = resultOf(world.ports, selection);
  if (result.sequence !== newView.result.sequence || !bytesEqual(result.digest, newView.result.digest)) {
    const bodies = named.map(({ body }) => body);
    accuseNewView(of, signed, bodies, effects);
    return;
  }
  enterByNewView(of, signed, named, selection, effects, world);
}

/** What the new view names, and only it: its sender may have told us another wish, or wish for more by now. */
export function takeNamedBody<S>(
  of: Replica<S>,
  name: ObjectName,
  bytes: Uint8Array,
  effects: Effect[],
  world: World<S>,
): boolean {
  const change = of.pendingNewView?.newView.viewChanges.find((each) => sameName(each.body, name));
  if (change === undefined || bodyFor(of, change) !== undefined) return false;
  const body = readBody(of, change, bytes, effects, world.ports);
  if (body === undefined) return false;
  of.newViewBodies = [...of.newViewBodies, { name, body }];
  return true;
}

function bodyFor(of: Replica<unknown>, change: SignedViewChange): ViewChangeBody | undefined {
  // Members who know the same say the same: any wish with that body will do.
  const held = of.viewChanges.find(
    (each) => each?.body?.view === change.view && sameName(each.change.body, change.body),
  );
  return held?.body ?? of.newViewBodies.find(({ name }) => sameName(name, change.body))?.body;
}

const selectFrom = (of: Replica<unknown>, named: readonly NamedBody[]): Selection =>
  select(
    named.map(({ body }) => body),
    of.quorum,
    of.faults,
  );
