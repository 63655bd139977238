/** §7.5 the new primary names q view changes and what follows from them; everyone else follows it there. */
import type {
  NewView,
  SignedNewView,
  SignedViewChange,
  ViewChangeBody,
} from "../../../protocol/agreement/certificate.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { view } from "../../../protocol/core/units.ts";
import { distinct } from "./certificates.ts";
import type { Effect } from "./events.ts";
import { accuseNewView } from "./evidence.ts";
import { sameName } from "./log.ts";
import { fetchObject } from "./objects.ts";
import { primaryOf } from "./quorums.ts";
import { resultOf, select } from "./select.ts";
import { canSign } from "./standing.ts";
import type { Replica, World } from "./state.ts";
import { signNewView, verifyNewView, verifyViewChange } from "./statements.ts";
import { quorumWantsView } from "./timing.ts";
import { enterByNewView } from "./views.ts";

/** In its turn, with a quorum of valid wishes for exactly this view. */
export function makeNewView<S>(of: Replica<S>, effects: Effect[], world: World<S>): void {
  // Who wants a higher one has given this one up too: without these, members that ran ahead and those behind wait for each other.
  const wishes = of.viewChanges.filter((held) => held !== undefined && held.change.view >= of.wanted);
  // The new primary has its time from when it could act, not before.
  if (wishes.length >= of.quorum) quorumWantsView(of);
  if (primaryOf(of, of.wanted) !== of.me || !canSign(of)) return;
  const changes: SignedViewChange[] = [];
  const bodies: ViewChangeBody[] = [];
  // The own first, then by place.
  for (let turn = 0; turn < of.members.length && changes.length < of.quorum; turn++) {
    const held = of.viewChanges[(of.me + turn) % of.members.length];
    if (held?.body === undefined || held.change.view !== of.wanted) continue;
    changes.push(held.change);
    bodies.push(held.body);
  }
  if (changes.length < of.quorum) return;
  const selection = select(bodies, of.quorum, of.faults);
  const newView: NewView = {
    view: view(of.wanted),
    viewChanges: changes.sort((left, right) => left.sender - right.sender),
    result: resultOf(world.ports, selection),
  };
  const signed = signNewView(of, world.ports, of.me, newView);
  enterByNewView(of, signed, selection, effects, world);
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
  for (const change of newView.viewChanges) {
    const known = of.viewChanges[change.sender];
    if (change.sender === of.me) continue;
    if (known === undefined || known.change.view < change.view) {
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
  const bodies: ViewChangeBody[] = [];
  for (const change of newView.viewChanges) {
    const body = bodyFor(of, change);
    if (body === undefined) return;
    bodies.push(body);
  }
  of.pendingNewView = undefined;
  const selection = select(bodies, of.quorum, of.faults);
  const result = resultOf(world.ports, selection);
  if (result.sequence !== newView.result.sequence || !bytesEqual(result.digest, newView.result.digest)) {
    accuseNewView(of, signed, bodies, effects);
    return;
  }
  enterByNewView(of, signed, selection, effects, world);
}

function bodyFor(of: Replica<unknown>, change: SignedViewChange): ViewChangeBody | undefined {
  const held = of.viewChanges[change.sender];
  return held !== undefined && held.change.view === change.view && sameName(held.change.body, change.body)
    ? held.body
    : undefined;
}
