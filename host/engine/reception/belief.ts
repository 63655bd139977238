/** Which answers make a place: those of one epoch with one list of members, by f + 1 of the list, an anchor among them. Names, seats
 * and checkpoints may differ; who the members are, whose table it was first and by which rules it plays may not. */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import type { JoinAccept } from "../../../protocol/message/join.ts";
import { faultsMax } from "../consensus/quorum.ts";
import type { Source } from "./joining-events.ts";

export interface HeldAccept {
  readonly from: Uint8Array;
  readonly accept: JoinAccept;
}

/** An anchor's first. */
export function believed(asking: {
  readonly anchors: readonly Uint8Array[];
  readonly accepts: readonly HeldAccept[];
}): readonly HeldAccept[] | undefined {
  const { anchors, accepts } = asking;
  for (const first of accepts) {
    if (!isAnchors(anchors, first.from)) continue;
    const { participants } = first.accept;
    // Each of them is in its own list, and so in this one.
    const others = accepts.filter((each) => each !== first && isSameTable(first.accept, each.accept));
    if (1 + others.length > faultsMax(participants.length)) return [first, ...others];
  }
  return undefined;
}

/** What most name first; of what equally many name the older, which more members have. */
export function sourcesOf(group: readonly HeldAccept[]): readonly Source[] {
  const sources: { checkpoint: Source["checkpoint"]; state: Source["state"]; holders: Uint8Array[] }[] = [];
  for (const { from, accept } of group) {
    const { checkpoint, state } = accept;
    const known = sources.find(
      (each) =>
        each.checkpoint.sequence === checkpoint.sequence &&
        bytesEqual(each.checkpoint.digest, checkpoint.digest) &&
        each.state.size === state.size &&
        bytesEqual(each.state.digest, state.digest),
    );
    if (known === undefined) sources.push({ checkpoint, state, holders: [from] });
    else known.holders.push(from);
  }
  return sources.sort(
    (left, right) => right.holders.length - left.holders.length || left.checkpoint.sequence - right.checkpoint.sequence,
  );
}

export const isAnchors = (anchors: readonly Uint8Array[], key: Uint8Array): boolean =>
  anchors.some((each) => bytesEqual(each, key));

const isSameTable = (left: JoinAccept, right: JoinAccept): boolean =>
  left.epoch === right.epoch &&
  left.rules === right.rules &&
  left.founders.length === right.founders.length &&
  left.founders.every((key, at) => bytesEqual(key, right.founders[at])) &&
  left.participants.length === right.participants.length &&
  left.participants.every(({ key }, at) => bytesEqual(key, right.participants[at].key));
