/** Who this kiosk is, which table it sits at, with whom, and how they agree. */
import { agreedMillis } from "../../../protocol/core/units.ts";
import { primaryOf } from "../../engine/consensus/quorums.ts";
import { canSign } from "../../engine/consensus/standing.ts";
import { retentionMs } from "../../engine/judge/evidence-book.ts";
import { WHOLE_PPM } from "../../engine/judge/limits.ts";
import { trustPpm } from "../../engine/judge/trust-score.ts";
import type { ConsensusPart } from "../contract/consensus-part.ts";
import type { KioskPart, Member, TablePart } from "../contract/kiosk-part.ts";
import type { ConductWatch } from "./conduct-watch.ts";
import { hex } from "./hex.ts";
import type { Moments } from "./moments.ts";
import type { Reach } from "./reach.ts";
import type { AboutKiosk, SeenKiosk } from "./seen-kiosk.ts";
import type { Tally } from "./tally.ts";

export const kioskPart = (
  { name, version, key, isVirtual }: AboutKiosk,
  { node }: SeenKiosk,
  startedAt: number,
  pausedUntil: number | null,
): KioskPart => ({
  ...{ name, version, key: hex(key), member: node.replica.me < 0 ? null : node.replica.me, startedAt },
  ...{ isPlayMoney: true, isVirtual, pausedUntil },
});

export const tablePart = ({ rules }: AboutKiosk, { node: { replica } }: SeenKiosk): TablePart => ({
  ...{ id: hex(replica.table), epoch: replica.epoch, game: rules.game.name, seatsMax: rules.places },
  faultsMax: replica.faults,
});

export function membersPart(
  about: AboutKiosk,
  { node: { replica } }: SeenKiosk,
  reach: Reach,
  conduct: ConductWatch,
  at: Moments,
): Member[] {
  const { judge, outcasts } = replica.state.machine;
  const primary = primaryOf(replica, replica.view);
  const time = agreedMillis(replica.state.time);
  const keptMs = retentionMs(about.rules.stakes);
  return replica.members.map((key, member) => {
    const text = hex(key);
    const heardAt = reach.heardAt[member];
    return {
      ...{ member, name: about.nameOf(text) ?? `Kiosk ${member + 1}`, key: text, isMe: member === replica.me },
      ...{ isPrimary: member === primary, link: reach.link[member] },
      heardAt: heardAt === undefined ? null : at.dateOf(heardAt),
      trust: trustPpm(judge.book, key, time, keptMs) / WHOLE_PPM,
      ...conduct.of(key, time),
      isQuarantined: outcasts.some((outcast) => hex(outcast) === text),
    };
  });
}

export function consensusPart({ node: { replica } }: SeenKiosk, tally: Tally): ConsensusPart {
  const { fast, slow, viewChanges, latenciesMs } = tally;
  return {
    ...{ view: replica.view, sequence: replica.executed, primary: primaryOf(replica, replica.view) },
    ...{ isChanging: replica.phase === "changing", viewChanges, fast, slow, latenciesMs },
    operations: replica.state.table.clients.reduce((sum, { executed }) => sum + executed, 0),
    waiting: replica.pools.reduce((sum, { waiting }) => sum + waiting.length, 0),
    muted: mutedWords({ replica }, tally),
  };
}

/** Why it signs nothing; null where it does. */
export function mutedWords({ replica }: Pick<SeenKiosk["node"], "replica">, { muted }: Tally): string | null {
  if (canSign(replica)) return null;
  if (replica.outdated) return "the table plays by rules that this program does not know";
  if (replica.me < 0) return "it is no member of this table";
  return muted ?? "it waits for what others heard signed by it before";
}
