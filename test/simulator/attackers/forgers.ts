/** Proofs that prove nothing: certificates put together from others, and proofs of yesterday. */
import type { SignedBallot } from "../../../protocol/agreement/ballot.ts";
import { type Certificate, ViewChangeBody } from "../../../protocol/agreement/certificate.ts";
import type { Said } from "../../../protocol/agreement/said.ts";
import { decode } from "../../../protocol/bytes/codec.ts";
import { draw, drawBelow } from "../../../protocol/core/chance.ts";
import { CERTIFICATE_NAMES_MAX } from "../../../protocol/core/limits.ts";
import { memberIndex, sequence, view } from "../../../protocol/core/units.ts";
import { act, dares, type Means, pass, passive } from "./attacker.ts";
import { anyPlace, forgeWish, memberOf, others } from "./forge.ts";
import type { Attacker } from "./role.ts";

export function forgedCertificates(means: Means): Attacker {
  const { chance } = means;
  return {
    ...passive(means, "forgedCertificates"),
    says: (packet, to) => {
      const { said } = packet;
      const of = memberOf(means);
      const decoded =
        said?.type === "viewChange" && said.body !== undefined ? decode(ViewChangeBody, said.body) : undefined;
      if (of === undefined || decoded?.ok !== true || !dares(means)) {
        pass(means, packet, to);
        return;
      }
      const body = decoded.value;
      const forged = forge(means);
      const lie: ViewChangeBody =
        forged === undefined
          ? body
          : draw(chance) < 0.5
            ? { ...body, certificates: [{ ...forged, phase: "prepared" }] }
            : { ...body, decision: forged, prefix: { ...body.prefix, sequence: forged.sequence } };
      const wish = forgeWish(means, of, lie);
      if (wish === undefined) pass(means, packet, to);
      else act(means, "forgedCertificates", to, { said: wish.said });
    },
    turn: () => {
      if (!dares(means) || draw(chance) > 0.04) return;
      const forged = forge(means);
      const all = others(means);
      if (forged !== undefined) {
        act(means, "forgedCertificates", all[drawBelow(chance, all.length)], {
          said: { type: "certificate", certificate: forged },
        });
      }
    },
  };
}

/** What it has itself, changed in one way. */
function forge(means: Means): Certificate | undefined {
  const { chance } = means;
  const of = memberOf(means);
  const known = of?.decision?.certificate ?? of?.certificates[0];
  if (of === undefined || known === undefined) return undefined;
  const other = of.certificates[drawBelow(chance, Math.max(1, of.certificates.length))] ?? known;
  switch (drawBelow(chance, 8)) {
    case 0:
      return { ...known, phase: known.phase === "unanimous" ? "committed" : "unanimous" };
    case 1:
      return { ...known, view: view(known.view + 1) };
    case 2:
      return { ...known, names: known.names.map((name) => ({ ...name, digest: anyPlace(means, 0).digest })) };
    case 3:
      return { ...known, ballots: mixed(known.ballots, other.ballots) };
    case 4: {
      // Another member's name on the same signature.
      const ballots = known.ballots.map((ballot, i) => (i === 0 ? ballot : { ...ballot, sender: memberIndex(i - 1) }));
      return { ...known, ballots: ballots.sort((left, right) => left.sender - right.sender) };
    }
    case 5:
      if (known.names.length >= CERTIFICATE_NAMES_MAX) return undefined;
      return { ...known, sequence: sequence(known.sequence + 1), names: [...known.names, ...known.names.slice(-1)] };
    case 6:
      return { ...known, base: anyPlace(means, known.base.sequence) };
    default:
      return { ...known, ballots: known.ballots.slice(1) };
  }
}

function mixed(left: readonly SignedBallot[], right: readonly SignedBallot[]): SignedBallot[] {
  return left.map((ballot, i) => right.find((each) => each.sender === ballot.sender && i % 2 === 0) ?? ballot);
}

const STALE_COUNT = 6;

/** What was proved once, for ever. */
export function staleProofs(means: Means): Attacker {
  const { chance } = means;
  const old: Said[] = [];
  return {
    ...passive(means, "staleProofs"),
    says: (packet, to) => {
      const { said } = packet;
      const proof =
        said !== undefined && (said.type === "checkpoint" || said.type === "certificate" || said.type === "newView");
      if (proof && old.length < STALE_COUNT && draw(chance) < 0.5) old.push(said);
      const stale = proof && old.length > 0 && dares(means) ? old[drawBelow(chance, old.length)] : undefined;
      if (stale === undefined) pass(means, packet, to);
      else act(means, "staleProofs", to, { said: stale });
    },
    hears: ({ said }) => {
      const of = means.kiosk.replica;
      const proof = of?.stable.proof;
      if (proof !== undefined && old.length < STALE_COUNT && draw(chance) < 0.02)
        old.push({ type: "checkpoint", proof });
      if (said?.type === "newView" && old.length < STALE_COUNT) old.push(said);
      return "heard";
    },
    turn: () => {
      if (old.length === 0 || !dares(means) || draw(chance) > 0.04) return;
      const all = others(means);
      act(means, "staleProofs", all[drawBelow(chance, all.length)], { said: old[drawBelow(chance, old.length)] });
    },
  };
}

const REPLAYED_COUNT = 48;

/** Whatever anybody signed, again, to anybody, in other views and epochs. */
export function replay(means: Means): Attacker {
  const { chance } = means;
  const heard: Said[] = [];
  return {
    ...passive(means, "replay"),
    hears: ({ said }) => {
      if (said !== undefined && draw(chance) < 0.2) {
        if (heard.length < REPLAYED_COUNT) heard.push(said);
        else heard[drawBelow(chance, REPLAYED_COUNT)] = said;
      }
      return "heard";
    },
    turn: () => {
      if (heard.length === 0 || !dares(means) || draw(chance) > 0.15) return;
      const all = others(means);
      act(means, "replay", all[drawBelow(chance, all.length)], { said: heard[drawBelow(chance, heard.length)] });
    },
  };
}
