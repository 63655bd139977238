/** What a member tells a kiosk that it was paired with: the table's file, and what an identity costs there. */
import { z } from "zod";
import { utf8Decode } from "../../../protocol/bytes/utf8.ts";
import { GIVEN_ABOUT_SIZE_MAX } from "../../secure/limits.ts";
import { type TableFile, tableIn } from "./table-file.ts";

/** As the configuration has it. */
const Identity = z.strictObject({
  profile: z.enum(["bleLight", "ecRust", "legacyS0"]),
  work_bits: z.int().min(1).max(64),
});
export type GivenIdentity = z.output<typeof Identity>;

export interface Given {
  readonly table: TableFile;
  readonly identity: GivenIdentity;
}

/** Names are for screens: where they make it too long, they are left out. */
export function givenText({ table, identity }: Given): Uint8Array {
  const text = (of: TableFile): Uint8Array => new Uint8Array(Buffer.from(JSON.stringify({ table: of, identity })));
  const whole = text(table);
  if (whole.length <= GIVEN_ABOUT_SIZE_MAX) return whole;
  const { names: _, ...nameless } = table;
  return text(nameless);
}

/** Undefined where it says nothing that this program understands. */
export function readGiven(about: Uint8Array): Given | undefined {
  const text = utf8Decode(about);
  if (text === undefined) return undefined;
  try {
    const { table, identity } = JSON.parse(text);
    const [read, cost] = [tableIn(JSON.stringify(table), "what was given"), Identity.safeParse(identity)];
    return read.ok && cost.success ? { table: read.table, identity: cost.data } : undefined;
  } catch {
    return undefined;
  }
}
