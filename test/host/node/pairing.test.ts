import { expect, test } from "vitest";
import type { PairingLink, PairingPort } from "../../../host/node/pairing-desk.ts";
import { chance, draw } from "../../../protocol/core/chance.ts";
import { PairingAir, SECRET, TABLE } from "./pairing-rig.ts";

const GIVEN = { id: TABLE, secret: SECRET, about: new Uint8Array(2_000).fill(6) };

/** A member, and a kiosk that has no table, both with a person who begins. */
function two() {
  const air = new PairingAir();
  const comer = air.add({ secret: undefined });
  const member = air.add({ secret: SECRET });
  const page = (at: number) => air.ends[at]!.desk.page();
  return { air, comer, member, page };
}

test("two people compare a code, both say yes, and the kiosk without a table has its secret and somebody to believe [I12]", () => {
  const { air, comer, member, page } = two();
  expect(air.ends[member]!.desk.begin(GIVEN)).toBe(true);
  expect(air.ends[comer]!.desk.begin()).toBe(true);
  expect(page(comer).stage).toBe("looking");
  air.connect(comer, member);
  air.run(1_000);
  expect([page(comer).stage, page(member).stage]).toEqual(["comparing", "comparing"]);
  expect(page(comer).code).toMatch(/^\d{6}$/);
  expect(page(comer).code).toBe(page(member).code);
  air.ends[comer]!.desk.confirm(true);
  air.run(5_000);
  expect([page(comer).stage, page(comer).given], "one yes is none").toEqual(["waiting", undefined]);
  air.ends[member]!.desk.confirm(true);
  air.run(5_000);
  expect([page(comer).stage, page(member).stage]).toEqual(["paired", "paired"]);
  expect(page(comer).given).toEqual(GIVEN);
  expect([page(comer).peer, page(member).peer]).toEqual([air.ends[member]!.key, air.ends[comer]!.key]);
  air.run(20_000);
  expect([air.ends[comer]!.up, air.ends[member]!.up], "the loop never had that link").toEqual([[], []]);
  // And nobody who listened has it.
  const text = Buffer.concat(air.flown).toString("latin1");
  expect(text.includes(Buffer.from(SECRET).toString("latin1"))).toBe(false);
});

test("packets get lost, and links before a code is there: the codes and the answers come all the same", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const { air, comer, member, page } = two();
    const luck = chance(seed);
    air.carry = () => draw(luck) > 0.25;
    air.ends[member]!.desk.begin(GIVEN);
    air.ends[comer]!.desk.begin();
    for (let tries = 0; tries < 4 && page(comer).code === undefined; tries++) {
      // As a radio does that hears the other again.
      air.connect(comer, member);
      air.run(14_000);
    }
    air.run(5_000);
    expect(page(comer).code, `seed ${seed}`).toBe(page(member).code);
    air.ends[comer]!.desk.confirm(true);
    air.ends[member]!.desk.confirm(true);
    air.run(40_000);
    expect(page(comer).given, `seed ${seed}`).toEqual(GIVEN);
  }
});

test("a link that is lost before there is a code ends nothing, and one that is lost after it ends the pairing", () => {
  const { air, comer, member, page } = two();
  let sent = 0;
  // Three make a session; then nothing comes through.
  air.carry = () => ++sent <= 3;
  air.ends[member]!.desk.begin(GIVEN);
  air.ends[comer]!.desk.begin();
  const link = air.connect(comer, member);
  air.run(3_000);
  expect([air.ends[member]!.tally.opened, page(member).code]).toEqual([1, undefined]);
  air.lose(comer, link);
  air.run(1_000);
  expect([page(comer).stage, page(member).stage]).toEqual(["looking", "looking"]);
  air.carry = () => true;
  const next = air.connect(comer, member);
  air.run(3_000);
  expect([page(comer).stage, page(member).stage]).toEqual(["comparing", "comparing"]);
  air.lose(comer, next);
  air.run(1_000);
  expect([page(comer).stage, page(member).stage]).toEqual(["failed", "failed"]);
  expect(page(comer).words).toContain("went out of reach");
});

test("whoever stands between makes both screens show other codes, and people who say so give nothing away [I12]", () => {
  for (let seed = 0; seed < 20; seed++) {
    const { air, comer, member, page } = two();
    for (let i = 0; i < seed; i++) air.draw();
    // It is a kiosk without a table to the one, and one with a table to the other.
    const [asMember, asComer] = [air.add({ secret: undefined }), air.add({ secret: undefined })];
    air.ends[member]!.desk.begin(GIVEN);
    air.ends[comer]!.desk.begin();
    air.ends[asMember]!.desk.begin({ ...GIVEN, secret: new Uint8Array(32).fill(66) });
    air.ends[asComer]!.desk.begin();
    air.connect(comer, asMember);
    air.connect(asComer, member);
    air.run(2_000);
    expect([page(comer).stage, page(member).stage]).toEqual(["comparing", "comparing"]);
    expect(page(comer).code).not.toBe(page(member).code);
    // Those between say yes to everything.
    air.ends[asMember]!.desk.confirm(true);
    air.ends[asComer]!.desk.confirm(true);
    air.ends[comer]!.desk.confirm(false);
    air.ends[member]!.desk.confirm(false);
    air.run(10_000);
    expect([page(comer).stage, page(member).stage]).toEqual(["failed", "failed"]);
    expect([page(comer).given, page(asComer).given]).toEqual([undefined, undefined]);
    expect(page(member).words).toContain("Nothing was given away");
  }
});

test("whoever passes on between two what each of them says is found out before anybody looks at a screen [I12]", () => {
  const { air, comer, member, page } = two();
  const links: (PairingLink | undefined)[] = [undefined, undefined];
  const between = (own: number): PairingPort => ({
    isOpen: () => true,
    opened(link) {
      links[own] = link;
      return true;
    },
    heard: (_, body) => links[1 - own]?.send(body),
    down: () => {},
  });
  const [asMember, asComer] = [0, 1].map((own) => air.add({ secret: undefined, pairing: between(own) }));
  air.ends[member]!.desk.begin(GIVEN);
  air.ends[comer]!.desk.begin();
  air.connect(asComer!, member);
  air.run(1_000);
  air.connect(comer, asMember!);
  air.run(10_000);
  expect(page(comer).stage).toBe("failed");
  expect(page(comer).words).toContain("Somebody stands between the two kiosks");
  expect(page(comer).code).toBeUndefined();
  expect(page(member).stage).toBe("failed");
});

test("without a person who has begun nobody is spoken to who lacks the secret, nor after a pairing, nor once it was called off [F09]", () => {
  const { air, comer, member, page } = two();
  air.ends[comer]!.desk.begin();
  air.connect(comer, member);
  air.run(20_000);
  expect(air.ends[member]!.tally.refused["secret required"]).toBeGreaterThan(0);
  expect([page(member).stage, page(comer).code]).toEqual(["none", undefined]);
  air.ends[member]!.desk.begin(GIVEN);
  air.ends[member]!.desk.cancel();
  expect(page(member).stage).toBe("failed");
  air.connect(comer, member);
  air.run(20_000);
  expect(page(comer).code).toBeUndefined();
  air.run(200_000);
  expect(page(comer)).toMatchObject({ stage: "failed", given: undefined });
  expect(page(comer).words).toContain("No other kiosk was found");
});

test("a stranger whose link carries a pairing says nothing to the table over it", () => {
  const { air, comer, member } = two();
  // Its own software is not ours: it takes the session for one of a table.
  const link = { name: 0, of: undefined as PairingLink | undefined };
  const liar = air.add({
    secret: undefined,
    pairing: {
      isOpen: () => true,
      opened(each) {
        link.of = each;
        return true;
      },
      heard: () => {},
      down: () => {},
    },
  });
  expect(comer).toBe(0);
  air.ends[member]!.desk.begin(GIVEN);
  air.connect(liar, member);
  air.run(1_000);
  expect(link.of).toBeDefined();
  air.say(member, link.of!.name, new Uint8Array(40));
  air.run(1_000);
  expect([air.ends[liar]!.heard, air.ends[member]!.heard, air.ends[member]!.up]).toEqual([[], [], []]);
});

test("in an hour ten pairings are begun and no eleventh: each is one guess for whoever stands between", () => {
  const { air, member } = two();
  for (let i = 0; i < 10; i++) {
    expect(air.ends[member]!.desk.begin(GIVEN)).toBe(true);
    expect(air.ends[member]!.desk.begin(GIVEN), "one at a time").toBe(false);
    air.ends[member]!.desk.cancel();
    air.run(1_000);
  }
  expect(air.ends[member]!.desk.begin(GIVEN)).toBe(false);
  air.run(3_600_000);
  expect(air.ends[member]!.desk.begin(GIVEN)).toBe(true);
});
